import {
  type ConversationRow,
  type WallboardDue,
  type WallboardTeam,
  type WallboardView,
} from '@parley/contracts'
import { may, reachOf, type Actor } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { readLoads, readPeople, readPresences, readTeams } from '../accounts/index.ts'
import { customerNameIn } from '../customers/index.ts'
import { QUEUED } from '../inbox/index.ts'
import { dueFirst, isPromise } from '../sla/index.ts'

const MOST_DUE = 300

interface TeamCounts {
  team_id: string
  queued: number
  oldest_queued: string | null
  warning: number
  overdue: number
  escalated: number
}

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
  const counts = countTeams(cache, now)
  // Who takes no conversations is none of those who could.
  const presenceOf = readPresences(cache)
  const people = readPeople(cache)
    .map((person) => ({ ...person, presence: presenceOf(person.id) }))
    .filter(({ isActive, presence }) => isActive && presence.capacity > 0)
  const loads = readLoads(cache)
  return teams.map(({ id }) => {
    const members = people.filter(({ teamIds }) => teamIds.includes(id))
    const online = members.filter(({ presence }) => presence.status === 'online')
    const counted = counts.get(id)
    return {
      teamId: id,
      queued: counted?.queued ?? 0,
      oldestQueuedSince: counted?.oldest_queued ?? null,
      warning: counted?.warning ?? 0,
      overdue: counted?.overdue ?? 0,
      escalated: counted?.escalated ?? 0,
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

function countTeams(cache: Cache, now: string): Map<string, TeamCounts> {
  const counts = cache.store.all<TeamCounts>(
    `SELECT team_id, SUM(${QUEUED}) AS queued,
            NULLIF(MIN(CASE status WHEN 'queued' THEN queued_at ELSE '9' END), '9') AS oldest_queued,
            SUM(promise_due_at > ? AND promise_warns_at <= ?) AS warning,
            SUM(promise_due_at <= ?) AS overdue,
            SUM(escalates_at <= ?) AS escalated
     FROM conversations WHERE status <> 'closed' AND team_id IS NOT NULL GROUP BY team_id`,
    now,
    now,
    now,
    now,
  )
  return new Map(counts.map((count) => [count.team_id, count]))
}

/** Conversations of watched teams; for whom all are theirs to watch, those without a team as well. */
const WATCHED = `status <> 'closed' AND (? OR team_id IN (SELECT value FROM json_each(?)))`

function watchedBy({ role, teamIds }: Actor): [number, string] {
  const reach = reachOf(role, 'queue.watch')
  return [reach === 'all' ? 1 : 0, JSON.stringify(reach === 'teams' ? teamIds : [])]
}

/** What is overdue, and what its team is warned of: nothing that is on time. */
function readDue(cache: Cache, actor: Actor, now: string): WallboardDue[] {
  // Chosen within an index first: the rows themselves are read for those alone.
  return cache.store
    .rows<ConversationRow>(
      `SELECT effective FROM conversations WHERE id IN (
         SELECT id FROM conversations
         WHERE ${WATCHED} AND (promise_due_at <= ? OR promise_warns_at <= ?)
         ORDER BY promise_due_at, id LIMIT ${MOST_DUE}
       ) ORDER BY promise_due_at, id`,
      ...watchedBy(actor),
      now,
      now,
    )
    .flatMap((conversation) => toDue(cache, conversation) ?? [])
}

function toDue(cache: Cache, conversation: ConversationRow): WallboardDue | null {
  const [clock] = dueFirst(conversation.clocks.filter(isPromise))
  if (clock === undefined) return null
  return {
    conversationId: conversation.id,
    title: customerNameIn(cache, conversation.id),
    channel: conversation.channel,
    priority: conversation.priority,
    teamId: conversation.teamId,
    assignedTo: conversation.assignedTo,
    status: conversation.status,
    clock,
  }
}

function countDue(cache: Cache, actor: Actor, now: string): WallboardView['dueTotal'] {
  const counted = cache.store.get<{ overdue: number | null; warning: number | null }>(
    `SELECT SUM(promise_due_at <= ?) AS overdue,
            SUM(promise_due_at > ? AND promise_warns_at <= ?) AS warning
     FROM conversations WHERE ${WATCHED}`,
    now,
    now,
    now,
    ...watchedBy(actor),
  )
  return { overdue: counted?.overdue ?? 0, warning: counted?.warning ?? 0 }
}
