import {
  type ConversationRow,
  type FeedItem,
  type WallboardDue,
  type WallboardTeam,
  type WallboardView,
} from '@parley/contracts'
import { DEFAULT_ROUTING_SETTINGS, byName, may, reachOf, type Actor } from '@parley/domain'

import { type Services } from '../../platform/services.ts'
import { sql, unprepared } from '../../platform/sql.ts'
import { callCustomers } from '../customers/index.ts'
import { openInReachOf, type FeedHub } from '../sync/index.ts'
import { type OpenOfTeam } from './counts.ts'

const MOST_DUE = 300

/** The wallboard as a workstation that had everything would show it. */
export async function readWallboard(
  services: Services,
  feed: FeedHub,
  actor: Actor,
  counted: readonly OpenOfTeam[],
  now: Date,
): Promise<WallboardView> {
  const watched = counted.filter(({ team_id: teamId }) => mayWatch(actor, teamId))
  const [teams, due] = await Promise.all([
    watchedTeams(services, actor, watched),
    readDue(services, feed, actor, now),
  ])
  const sum = (key: 'overdue' | 'warning'): number =>
    watched.reduce((all, team) => all + team[key], 0)
  return { teams, due, dueTotal: { overdue: sum('overdue'), warning: sum('warning') } }
}

/** What is of no team is watched by whoever watches all. */
function mayWatch(actor: Actor, teamId: string | null): boolean {
  return may(actor, 'queue.watch', { teamId, assignedTo: null })
}

interface Member {
  team_id: string
  is_online: boolean
  capacity: number
  load: number
}

async function watchedTeams(
  { db }: Services,
  actor: Actor,
  counted: readonly OpenOfTeam[],
): Promise<WallboardTeam[]> {
  const all = await db.many<{ id: string; name: string }>(
    sql`SELECT id, name FROM teams WHERE is_active`,
  )
  const teams = all
    .filter(({ id }) => mayWatch(actor, id))
    .toSorted((a, b) => byName(a.name, b.name))
  if (teams.length === 0) return []
  // Who takes no conversations is none of those who could; the load is of those who can be given work now.
  const members = await db.many<Member>(sql`
    SELECT m.team_id, p.status = 'online' AS is_online, p.capacity, COALESCE(held.load, 0) AS load
    FROM team_memberships m
    JOIN users u ON u.id = m.user_id AND u.is_active
    JOIN agent_presence p ON p.user_id = m.user_id AND p.capacity > 0
    LEFT JOIN LATERAL (
      SELECT SUM(CASE c.status WHEN 'pending_customer'
                 THEN ${DEFAULT_ROUTING_SETTINGS.pendingCustomerFraction}::float8 ELSE 1 END) AS load
      FROM conversations c
      WHERE p.status = 'online' AND c.assigned_to = m.user_id
        AND c.status IN ('assigned', 'pending_customer', 'pending_agent')) held ON TRUE
    WHERE m.team_id = ANY(${teams.map(({ id }) => id)}::uuid[])`)
  return teams.map(({ id }) => {
    const ofTeam = members.filter(({ team_id }) => team_id === id)
    const online = ofTeam.filter(({ is_online }) => is_online)
    const count = counted.find(({ team_id }) => team_id === id)
    return {
      teamId: id,
      queued: count?.queued ?? 0,
      oldestQueuedSince: count?.oldest_queued?.toISOString() ?? null,
      warning: count?.warning ?? 0,
      overdue: count?.overdue ?? 0,
      escalated: count?.escalated ?? 0,
      online: online.length,
      members: ofTeam.length,
      load: online.reduce((sum, { load }) => sum + load, 0),
      capacity: online.reduce((sum, { capacity }) => sum + capacity, 0),
    }
  })
}

/** What is overdue, and what its team is warned of: nothing that is on time. */
async function readDue(
  { db }: Services,
  feed: FeedHub,
  actor: Actor,
  now: Date,
): Promise<WallboardDue[]> {
  const reach = reachOf(actor.role, 'queue.watch')
  if (reach === 'none') return []
  const teamIds = reach === 'teams' ? [...actor.teamIds] : []
  const due = await db.many<{ id: string }>(
    unprepared(sql`
    SELECT c.id
    FROM ${openInReachOf(actor)} c
    CROSS JOIN LATERAL (
      SELECT MIN(due_at) AS due_at, MIN(COALESCE(warns_at, due_at)) AS warns_at
      FROM sla_timers
      WHERE conversation_id = c.id AND state = 'running' AND clock <> 'escalation') t
    WHERE (${reach === 'all'} OR c.team_id = ANY(${teamIds}::uuid[]))
      AND t.warns_at <= ${now}
    ORDER BY t.due_at, c.id LIMIT ${MOST_DUE}`),
  )
  if (due.length === 0) return []
  const items = await feed.conversations(
    actor,
    due.map(({ id }) => id),
    { threads: false },
  )
  const conversations = new Map(items.flatMap(conversationIn).map((row) => [row.id, row]))
  const names = await callCustomers(
    db,
    [...conversations.values()].map(({ customerId }) => customerId),
  )
  return due.flatMap(({ id }) => toDue(conversations.get(id), names) ?? [])
}

function conversationIn(item: FeedItem): ConversationRow[] {
  return item.op === 'put' && item.kind === 'conversation' ? [item.row] : []
}

function toDue(
  conversation: ConversationRow | undefined,
  names: ReadonlyMap<string, string>,
): WallboardDue | null {
  const clock = conversation?.clocks
    .filter(({ name, state, dueAt }) => name !== 'escalation' && state === 'running' && dueAt)
    .toSorted((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))[0]
  if (conversation === undefined || clock === undefined) return null
  return {
    conversationId: conversation.id,
    title: names.get(conversation.customerId) ?? '',
    channel: conversation.channel,
    priority: conversation.priority,
    teamId: conversation.teamId,
    assignedTo: conversation.assignedTo,
    status: conversation.status,
    clock,
  }
}
