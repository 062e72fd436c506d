import { type SlaClockRow } from '@parley/contracts'

import { VISIBLE, SEES_ALL, IN_TEAM, ROLE } from '../expected.ts'
import { type Workstation } from '../workstation.ts'
import { type World } from '../world.ts'

/**
 * What lists, numbers, searches and the wallboard have to show to one person, by SQL over the server's tables and by
 * none of the product's code. Instants are milliseconds since 1970, as workstations have them.
 */

export interface TrueConversation {
  id: string
  team_id: string | null
  assigned_to: string | null
  status: string
  priority: string
  title: string
  waiting_since: number | null
  queued_at: number | null
  last_message_at: number | null
  closed_at: number | null
  /** Closed, and so lately that it is held. */
  is_kept: boolean
  /** Of the clocks that run, the first; null: none. */
  due_at: number | null
  promise_due_at: number | null
  promise_warns_at: number | null
  escalates_at: number | null
  /** Words of the customer's after this person's mark. */
  unread: number
  last: LastWords | null
  tag_ids: string[]
  clock: { name: SlaClockRow['name']; state: SlaClockRow['state']; due_at: number | null } | null
}

interface LastWords {
  direction: 'inbound' | 'outbound'
  status: string
  content_type: string
  text: string | null
  sender_type: 'customer' | 'agent' | 'system'
  sender_id: string | null
}

export interface Truth {
  atMs: number
  myId: string
  role: string
  teamIds: string[]
  conversations: TrueConversation[]
}

const MS = (instant: string): string => `floor(EXTRACT(EPOCH FROM ${instant}) * 1000)::float8`

const CONVERSATIONS = `
  SELECT c.id, c.team_id, c.assigned_to, c.status, c.priority, cu.name AS title,
    ${MS('c.waiting_since')} AS waiting_since, ${MS('c.queued_at')} AS queued_at,
    ${MS('c.last_message_at')} AS last_message_at, ${MS('c.closed_at')} AS closed_at,
    c.status = 'closed' AND c.closed_at > sim.now() - INTERVAL '29 days' AS is_kept,
    t.due_at, t.promise_due_at, t.promise_warns_at, t.escalates_at, t.clock,
    (SELECT COUNT(*)::int FROM messages m
     WHERE m.conversation_id = c.id AND m.direction = 'inbound' AND NOT m.is_quiet AND m.seq > COALESCE(
       (SELECT r.seq FROM read_marks r WHERE r.user_id = $1 AND r.conversation_id = c.id), 0)) AS unread,
    (SELECT to_jsonb(l) FROM (
       SELECT direction, status, content_type, left(content_text, 200) AS text, sender_type, sender_id
       FROM messages m WHERE m.conversation_id = c.id AND m.discarded_at IS NULL
       ORDER BY m.seq DESC LIMIT 1) l) AS last,
    ARRAY(SELECT x.tag_id::text FROM conversation_tags x JOIN tags g ON g.id = x.tag_id
          WHERE x.conversation_id = c.id) AS tag_ids
  FROM conversations c JOIN customers cu ON cu.id = c.customer_id
  LEFT JOIN LATERAL (
    SELECT ${MS('MIN(s.due_at) FILTER (WHERE runs)')} AS due_at,
      ${MS(`MIN(s.due_at) FILTER (WHERE runs AND s.clock <> 'escalation')`)} AS promise_due_at,
      ${MS(`MIN(COALESCE(s.warns_at, s.due_at)) FILTER (WHERE runs AND s.clock <> 'escalation')`)} AS promise_warns_at,
      ${MS(`MIN(s.due_at) FILTER (WHERE runs AND s.clock = 'escalation')`)} AS escalates_at,
      (jsonb_agg(jsonb_build_object('name', s.clock, 'state', s.state, 'due_at', ${MS('s.due_at')})
         ORDER BY s.state = 'paused', s.due_at, s.clock)
       FILTER (WHERE (runs AND s.due_at IS NOT NULL) OR s.state = 'paused')) -> 0 AS clock
    FROM (SELECT *, state = 'running' AS runs FROM sla_timers
          WHERE conversation_id = c.id AND c.status <> 'closed') s) t ON TRUE
  WHERE c.id IN (${VISIBLE})
  ORDER BY c.id`

export async function truthFor({ database, nowMs }: World, reader: Workstation): Promise<Truth> {
  const myId = reader.person.id
  const [me] = await database.query<{ role: string; team_ids: string[] }>(
    `SELECT role, ARRAY(SELECT team_id::text FROM team_memberships WHERE user_id = $1) AS team_ids
     FROM users WHERE id = $1`,
    [myId],
  )
  const conversations = await database.query<TrueConversation>(CONVERSATIONS, [myId])
  return {
    atMs: nowMs,
    myId,
    role: me?.role ?? '',
    teamIds: me?.team_ids ?? [],
    conversations,
  }
}

// Searches

export interface TrueHit {
  conversation_id: string
  /** Null: the customer, or the conversation itself. */
  message_id: string | null
  at: number | null
}

/** Messages that have a word which begins so; those that were given up are not found. */
export function messagesWith(
  { database }: World,
  reader: Workstation,
  word: string,
): Promise<TrueHit[]> {
  return database.query<TrueHit>(
    `SELECT conversation_id, id AS message_id, ${MS('sent_at')} AS at FROM messages
     WHERE discarded_at IS NULL AND content_text ~* ('(^|[^[:alnum:]])' || $2)
       AND conversation_id IN (${VISIBLE})
     ORDER BY sent_at DESC, id`,
    [reader.person.id, word],
  )
}

/** Conversations of customers whose names have all of these words in them, each where a word begins; newest first. */
export function conversationsOfCustomers(
  { database }: World,
  reader: Workstation,
  words: readonly string[],
): Promise<TrueHit[]> {
  return database.query<TrueHit>(
    `SELECT c.id AS conversation_id, NULL AS message_id, ${MS('c.last_message_at')} AS at
     FROM conversations c JOIN customers cu ON cu.id = c.customer_id
     WHERE (' ' || lower(cu.name)) LIKE ALL (SELECT '% ' || lower(word) || '%' FROM unnest($2::text[]) AS word)
       AND c.id IN (${VISIBLE})
     ORDER BY c.last_message_at DESC NULLS LAST, c.id`,
    [reader.person.id, words],
  )
}

/** With the tag of this name; where there is none, with any whose name begins so. */
export function conversationsTagged(
  { database }: World,
  reader: Workstation,
  name: string,
): Promise<TrueHit[]> {
  return database.query<TrueHit>(
    `WITH named AS (
       SELECT id FROM tags WHERE lower(name) = $2
       UNION ALL
       SELECT id FROM tags WHERE lower(name) LIKE $2 || '%'
         AND NOT EXISTS (SELECT 1 FROM tags WHERE lower(name) = $2))
     SELECT c.id AS conversation_id, NULL AS message_id, ${MS('c.last_message_at')} AS at FROM conversations c
     WHERE EXISTS (SELECT 1 FROM conversation_tags x WHERE x.conversation_id = c.id AND x.tag_id IN (SELECT id FROM named))
       AND c.id IN (${VISIBLE})
     ORDER BY c.last_message_at DESC NULLS LAST, c.id`,
    [reader.person.id, name],
  )
}

// Who is there

export interface TrueTeam {
  id: string
  members: number
  online: number
  capacity: number
  /** Of those who are there, of all that they have. */
  load: number
  /** The same, of what this person sees. */
  load_seen: number
}

const LOAD = `SUM(CASE c.status WHEN 'pending_customer' THEN 0.25 ELSE 1 END)`
const IN_HAND = `c.status IN ('assigned', 'pending_agent', 'pending_customer')`

/** The teams that this person watches. */
export function watchedTeams({ database }: World, reader: Workstation): Promise<TrueTeam[]> {
  return database.query<TrueTeam>(
    `SELECT t.id, COUNT(p.user_id)::int AS members, COUNT(*) FILTER (WHERE p.status = 'online')::int AS online,
       COALESCE(SUM(p.capacity) FILTER (WHERE p.status = 'online'), 0)::int AS capacity,
       COALESCE(SUM(of.load) FILTER (WHERE p.status = 'online'), 0)::float8 AS load,
       COALESCE(SUM(of.load_seen) FILTER (WHERE p.status = 'online'), 0)::float8 AS load_seen
     FROM teams t
     LEFT JOIN (
       team_memberships m JOIN users u ON u.id = m.user_id AND u.is_active
       JOIN agent_presence p ON p.user_id = m.user_id AND p.capacity > 0) ON m.team_id = t.id
     LEFT JOIN LATERAL (
       SELECT ${LOAD} AS load, ${LOAD} FILTER (WHERE c.id IN (${VISIBLE})) AS load_seen
       FROM conversations c WHERE c.assigned_to = p.user_id AND ${IN_HAND}) of ON TRUE
     WHERE t.is_active AND (${SEES_ALL} OR (${ROLE} = 'team_lead' AND ${IN_TEAM('t.id')}))
     GROUP BY t.id`,
    [reader.person.id],
  )
}

/** People whose presence this person hears of, with what of their work this person sees. */
export function peopleInSight(
  { database }: World,
  reader: Workstation,
): Promise<{ id: string; status: string; capacity: number; load_seen: number }[]> {
  return database.query(
    `SELECT p.user_id AS id, p.status, p.capacity,
       COALESCE((SELECT ${LOAD} FROM conversations c
         WHERE c.assigned_to = p.user_id AND ${IN_HAND} AND c.id IN (${VISIBLE})), 0)::float8 AS load_seen
     FROM agent_presence p
     WHERE p.user_id = $1 OR ${SEES_ALL} OR EXISTS (
       SELECT 1 FROM team_memberships theirs WHERE theirs.user_id = p.user_id AND ${IN_TEAM('theirs.team_id')})`,
    [reader.person.id],
  )
}
