import {
  type ConversationRow,
  type WallboardDue,
  type WallboardTeam,
  type WallboardView,
} from '@parley/contracts'
import { may, reachOf, type Actor } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { readLoads, readPeople, readPresences, readTeams } from '../accounts/index.ts'
import { shownConversation } from '../conversations/index.ts'
import { QUEUED } from '../inbox/index.ts'
import { dueFirst, isPromise } from '../sla/index.ts'

const MOST_DUE = 300

type TeamCounts = Pick<
  WallboardTeam,
  'queued' | 'oldestQueuedSince' | 'warning' | 'overdue' | 'escalated'
>

/**
 * The teams that this person watches, by the clocks as they stand now: counted from columns, so that no row is
 * parsed for a number. A conversation counts once, as overdue if any of its promises is.
 *
 * @param nowMs by the server's clock, epoch milliseconds
 */
export function readWallboard(cache: Cache, nowMs: number): WallboardView {
  const { actor } = cache
  const now = new Date(nowMs).toISOString()
  return {
    teams: watchedTeams(cache, actor, now),
    due: readDue(cache, actor, now),
    dueTotal: countDue(cache, actor, now),
  }
}

function watchedTeams(cache: Cache, actor: Actor, now: string): WallboardTeam[] {
  const teams = readTeams(cache).filter(({ id }) => mayWatch(actor, id))
  // Who takes no conversations is none of those who could.
  const presenceOf = readPresences(cache)
  const people = readPeople(cache)
    .map((person) => ({ ...person, presence: presenceOf(person.id) }))
    .filter(({ isActive, presence }) => isActive && presence.capacity > 0)
  const loads = readLoads(cache)
  return teams.map(({ id }) => {
    const members = people.filter(({ teamIds }) => teamIds.includes(id))
    const online = members.filter(({ presence }) => presence.status === 'online')
    return {
      teamId: id,
      ...countTeam(cache, id, now),
      online: online.length,
      members: members.length,
      // Of those who can be given work now.
      load: online.reduce((sum, person) => sum + (loads.get(person.id) ?? 0), 0),
      capacity: online.reduce((sum, { presence }) => sum + presence.capacity, 0),
    }
  })
}

function mayWatch(actor: Actor, teamId: string): boolean {
  return may(actor, 'queue.watch', { teamId, assignedTo: null })
}

/** Of one team, or of what has none: each number by an index of its own. */
function countTeam({ store }: Cache, teamId: string | null, now: string): TeamCounts {
  const due = store.get<{ warning: number | null; overdue: number | null }>(
    `SELECT SUM(promise_due_at > ?) AS warning, SUM(promise_due_at <= ?) AS overdue
     FROM conversations WHERE team_id IS ? AND promise_due_at < '9' AND promise_warns_at <= ?`,
    now,
    now,
    teamId,
    now,
  )
  return {
    queued:
      store.value<number>(
        `SELECT SUM(count) FROM tallies WHERE of = 'team' AND who = ? AND ${QUEUED}`,
        teamId ?? '',
      ) ?? 0,
    oldestQueuedSince: store.value(
      `SELECT NULLIF(MIN(queued_at), '9') FROM conversations WHERE team_id IS ? AND ${QUEUED}`,
      teamId,
    ),
    warning: due?.warning ?? 0,
    overdue: due?.overdue ?? 0,
    escalated:
      store.value<number>(
        `SELECT COUNT(*) FROM conversations WHERE team_id IS ? AND escalates_at < '9' AND escalates_at <= ?`,
        teamId,
        now,
      ) ?? 0,
  }
}

/** The teams whose conversations this person watches; null: all, and what has no team as well. */
function watched({ role, teamIds }: Actor): readonly string[] | null {
  const reach = reachOf(role, 'queue.watch')
  return reach === 'all' ? null : reach === 'teams' ? teamIds : []
}

/** What is overdue, and what its team is warned of: nothing that is on time. */
function readDue(cache: Cache, actor: Actor, now: string): WallboardDue[] {
  const teams = watched(actor)
  // In the order of an index, which has all that is asked: the rows themselves are read for those alone.
  const found = cache.store.all<{ id: string; title: string }>(
    `SELECT c.id, c.title FROM conversations c
     WHERE c.promise_due_at < '9' AND (c.promise_due_at <= ? OR c.promise_warns_at <= ?)
       AND (? OR c.team_id IN (SELECT value FROM json_each(?)))
     ORDER BY c.promise_due_at, c.id LIMIT ${MOST_DUE}`,
    now,
    now,
    teams === null ? 1 : 0,
    JSON.stringify(teams ?? []),
  )
  return found.flatMap(({ id, title }) => toDue(shownConversation(cache, id), title) ?? [])
}

function toDue(conversation: ConversationRow | null, title: string): WallboardDue | null {
  const [clock] = dueFirst(conversation?.clocks.filter(isPromise) ?? [])
  if (conversation === null || clock === undefined) return null
  return {
    conversationId: conversation.id,
    title,
    channel: conversation.channel,
    priority: conversation.priority,
    teamId: conversation.teamId,
    assignedTo: conversation.assignedTo,
    status: conversation.status,
    clock,
  }
}

function countDue(cache: Cache, actor: Actor, now: string): WallboardView['dueTotal'] {
  const counts = (watched(actor) ?? teamsThere(cache)).map((id) => countTeam(cache, id, now))
  return {
    overdue: counts.reduce((sum, { overdue }) => sum + overdue, 0),
    warning: counts.reduce((sum, { warning }) => sum + warning, 0),
  }
}

/** Whatever conversations have for a team. */
function teamsThere({ store }: Cache): (string | null)[] {
  return store
    .all<{ who: string }>(`SELECT DISTINCT who FROM tallies WHERE of = 'team' AND count > 0`)
    .map(({ who }) => (who === '' ? null : who))
}
