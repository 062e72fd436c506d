import { type Reach, type WallboardView } from '@parley/contracts'

import { compareKeys, NEVER } from './order.ts'
import {
  answerTo,
  aroundNow,
  complain,
  instant,
  isOverdue,
  isWarned,
  plain,
  type Sight,
} from './sight.ts'
import { watchedTeams, type TrueConversation } from './truth.ts'

export async function compareWallboard(sight: Sight): Promise<void> {
  const { truth, world, workstation, coverage, isWhole, blurred } = sight
  const board = answerTo<WallboardView & Reach>(sight, 'wallboard.get', undefined)
  if (board === null || (!coverage.open && !isWhole) || blurred.size > 0) return
  if (board.isPartial) complain(sight, 'the wallboard is said to be partial')
  const teams = await watchedTeams(world, workstation)
  const watchesAll = ['supervisor', 'admin'].includes(truth.role)
  const open = truth.conversations.filter(({ status }) => status !== 'closed')
  const watched = open.filter(
    ({ team_id: teamId }) => watchesAll || teams.some(({ id }) => id === teamId),
  )
  for (const team of teams) {
    const said = board.teams.find(({ teamId }) => teamId === team.id)
    const name = `the wallboard's ${world.describe(team.id)}`
    if (said === undefined) {
      complain(sight, `${name} is not there`)
      continue
    }
    const own = open.filter(({ team_id: teamId }) => teamId === team.id)
    const queue = own.filter(({ status }) => status === 'queued')
    const oldest = Math.min(...queue.map(({ queued_at: at }) => at ?? NEVER))
    const same = (what: string, here: unknown, ...there: unknown[]): void => {
      if (there.includes(here)) return
      complain(sight, `${name} says ${what} ${String(here)}, and it is ${there.join(' or ')}`)
    }
    same('queued', said.queued, queue.length)
    same('oldest', instant(said.oldestQueuedSince), oldest === NEVER ? null : oldest)
    for (const [what, count] of Object.entries(DUE)) {
      same(what, said[what as keyof typeof DUE], ...aroundNow(truth, (atMs) => count(own, atMs)))
    }
    same('members', said.members, team.members)
    same('online', said.online, team.online)
    same('capacity', said.capacity, team.capacity)
    // What colleagues have elsewhere a lead's own cache does not see.
    same('load', said.load, coverage.open ? team.load_seen : team.load)
  }
  if (board.teams.length > teams.length) complain(sight, 'the wallboard shows too many teams')
  for (const what of ['overdue', 'warning'] as const) {
    const right = aroundNow(truth, (atMs) => DUE[what](watched, atMs))
    if (!right.includes(board.dueTotal[what]))
      complain(
        sight,
        `the wallboard's ${what} are ${board.dueTotal[what]}, and it is ${right.join(' or ')}`,
      )
  }
  compareDue(sight, board.due, teams.length === 0 && !watchesAll ? [] : watched)
}

const DUE = {
  overdue: (of: readonly TrueConversation[], atMs: number) =>
    of.filter((one) => isOverdue(one, atMs)).length,
  warning: (of: readonly TrueConversation[], atMs: number) =>
    of.filter((one) => isWarned(one, atMs) && !isOverdue(one, atMs)).length,
  escalated: (of: readonly TrueConversation[], atMs: number) =>
    of.filter(({ escalates_at: at }) => at !== null && at <= atMs).length,
}

function compareDue(
  sight: Sight,
  said: WallboardView['due'],
  watched: readonly TrueConversation[],
): void {
  const { world, truth } = sight
  const lists = aroundNow(truth, (atMs) =>
    watched
      .filter((one) => isWarned(one, atMs))
      .toSorted((a, b) =>
        compareKeys([a.promise_due_at ?? NEVER, a.id], [b.promise_due_at ?? NEVER, b.id]),
      )
      .map(({ id }) => id)
      .join(),
  )
  const ids = said.map(({ conversationId }) => conversationId)
  if (!lists.includes(ids.join())) {
    const right = world.describe(lists.at(1)?.split(',') ?? lists[0]?.split(','))
    complain(sight, `the wallboard shows ${world.describe(ids)} as due, and it is ${right}`)
    return
  }
  for (const { conversationId, title, assignedTo, status, clock } of said) {
    const one = watched.find(({ id }) => id === conversationId)
    if (one === undefined) continue
    const here = [plain(title), assignedTo, status, instant(clock.dueAt)].join(', ')
    const there = [one.title, one.assigned_to, one.status, one.promise_due_at].join(', ')
    if (here !== there)
      complain(
        sight,
        `the wallboard shows ${here} of ${world.describe(conversationId)}, and it is ${there}`,
      )
  }
}
