import { type InboxCounts, type Reach } from '@parley/contracts'

import { sectionsOf } from './lists.ts'
import {
  answerTo,
  aroundNow,
  assertWithin,
  complain,
  isOverdue,
  isWarned,
  type Sight,
} from './sight.ts'
import { type TrueConversation } from './truth.ts'

export function compareCounts(sight: Sight): void {
  const { truth, world, coverage, isWhole, blurred } = sight
  const counts = answerTo<InboxCounts & Reach>(sight, 'inbox.counts', undefined)
  if (counts === null) return
  const number = (what: string, said: number, is: number): void =>
    assertWithin(sight, `${what} is said to be`, said, { least: is, most: is }, blurred.size)
  const mine = sectionsOf(sight, { kind: 'mine' }, null).filter(({ isCounted }) => isCounted)
  number(
    'mine',
    counts.mine,
    mine.reduce((sum, { must }) => sum + must.length, 0),
  )
  const own = truth.conversations.filter(
    (one) => one.assigned_to === truth.myId && one.status !== 'closed',
  )
  number('unread', counts.unread, own.filter(({ unread }) => unread > 0).length)
  if (!coverage.open && !isWhole) return
  if (counts.isPartial) complain(sight, 'the numbers are said to be partial')
  const open = truth.conversations.filter(({ status }) => status !== 'closed')
  number('what is open', counts.open, open.length)
  for (const teamId of new Set([...world.teams, ...Object.keys(counts.teams)])) {
    const queue = open.filter((one) => one.team_id === teamId && one.status === 'queued')
    const name = world.describe(teamId)
    number(`the queue of ${name}`, counts.teams[teamId] ?? 0, queue.length)
    if (queue.some(({ id }) => blurred.has(id)) || blurred.size > 0) continue
    const badges = aroundNow(truth, (atMs) => worstOf(queue, atMs))
    const said = counts.due[teamId] ?? 'nothing'
    if (!badges.includes(said))
      complain(sight, `the badge of ${name} is ${said}, and it is ${badges.join(' or ')}`)
  }
}

function worstOf(queue: readonly TrueConversation[], atMs: number): string {
  if (queue.some((one) => isOverdue(one, atMs))) return 'overdue'
  return queue.some((one) => isWarned(one, atMs)) ? 'warning' : 'nothing'
}
