import { type RowKind } from '@parley/contracts'

import { type SimulatedDatabase } from './cluster.ts'
import { heldCoverage } from './held-rows.ts'
import { type Workstation } from './workstation.ts'

/**
 * Who may see what, said once more and in other words than the product's: by SQL on the tables, for one person. `must`
 * is what their cache has to have; `may`, what it may have besides. Where `may` is not given it is the same.
 */
interface Rule {
  /** Its rows as JSON come from here. */
  table: string
  must: string
  may?: string
  /**
   * What of it tells how colleagues were chosen, which is for who leads them: as JSON all that this person may have been
   * taken for since it came about. True: they lead; false: they do not.
   */
  ledAs?: string
}

/** $1: the person. */
export const ROLE = '(SELECT role FROM users WHERE id = $1)'
export const SEES_ALL = `${ROLE} IN ('supervisor', 'admin')`
export const IN_TEAM = (team: string): string =>
  `EXISTS (SELECT 1 FROM team_memberships own WHERE own.user_id = $1 AND own.team_id = ${team})`
export const VISIBLE = `SELECT c.id FROM conversations c
  WHERE ${SEES_ALL} OR c.assigned_to = $1 OR ${IN_TEAM('c.team_id')}`
/**
 * What is held of conversations at least as list rows: one's own open ones, and whatever the cache says that it reaches.
 * $2: all open ones; $3: all that were closed since then.
 */
const HELD = `${VISIBLE} INTERSECT SELECT id FROM conversations
  WHERE (status <> 'closed' AND ($2::boolean OR assigned_to = $1))
    OR (status = 'closed' AND closed_at > sim.now() - INTERVAL '29 days'
      AND ($3::timestamptz IS NULL OR closed_at > $3::timestamptz + INTERVAL '1 millisecond'))`

/** Whose threads are held whole whatever the budget; others as they were opened and followed. */
const OWN_OPEN = `SELECT id FROM conversations WHERE assigned_to = $1 AND status <> 'closed'`

/** By the book of `sim.reach`: as it was just before then, and all that came after. */
const LED_SINCE = (instant: string): string => `(
  SELECT jsonb_agg(DISTINCT l.is_leading) FROM sim.reach l
  WHERE l.person_id = $1 AND l.conversation_id = r.conversation_id AND l.number >= COALESCE((
    SELECT MAX(b.number) FROM sim.reach b
    WHERE b.person_id = $1 AND b.conversation_id = r.conversation_id
      AND b.at < date_trunc('milliseconds', ${instant})), 0))`

const ofThreads = (table: string): Rule => ({
  table,
  must: `conversation_id IN (${OWN_OPEN})`,
  may: `conversation_id IN (${VISIBLE})`,
})
const everybodys = (table: string): Rule => ({ table, must: 'TRUE' })

const CONCERNS = `EXISTS (
  SELECT 1 FROM conversations c WHERE c.id = r.conversation_id AND (
    (r.kind <> 'escalation' AND c.assigned_to = $1)
    OR (r.kind = 'escalation' AND ${SEES_ALL})
    OR (${ROLE} = 'team_lead' AND ${IN_TEAM('c.team_id')})))`

const RULES: Readonly<Record<Exclude<RowKind, 'read_mark'>, Rule>> = {
  conversation: { table: 'conversations', must: `id IN (${HELD})`, may: `id IN (${VISIBLE})` },
  message: ofThreads('messages'),
  event: { ...ofThreads('conversation_events'), ledAs: LED_SINCE('r.created_at') },
  conversation_tag: {
    table: 'conversation_tags',
    must: `conversation_id IN (${HELD})`,
    may: `conversation_id IN (${VISIBLE})`,
  },
  customer: {
    table: 'customers',
    must: `id IN (SELECT customer_id FROM conversations WHERE id IN (${HELD}))`,
    // Whoever has written to nobody of this person's any more is no secret of theirs: it goes with the next load.
    may: `id IN (SELECT customer_id FROM conversations WHERE id IN (${VISIBLE}))`,
  },
  person: everybodys('users'),
  presence: {
    table: '(SELECT user_id AS id, * FROM agent_presence)',
    must: `id = $1 OR ${SEES_ALL} OR EXISTS (
      SELECT 1 FROM team_memberships theirs WHERE theirs.user_id = r.id AND ${IN_TEAM('theirs.team_id')})`,
  },
  team: everybodys('teams'),
  tag: everybodys('tags'),
  tag_rule: { table: '(SELECT team_id AS id, * FROM team_tag_rules)', must: 'TRUE' },
  canned_response: {
    table: 'canned_responses',
    must: `owner_id = $1 OR (owner_id IS NULL AND (team_id IS NULL OR ${SEES_ALL} OR ${IN_TEAM('r.team_id')}))`,
  },
  offer: {
    table: 'offers',
    must: `user_id = $1 AND outcome = 'open'`,
    may: 'user_id = $1',
    ledAs: LED_SINCE('r.offered_at'),
  },
  alert: {
    table: 'alerts',
    must: `user_id = $1 AND ended_at IS NULL AND ${CONCERNS}`,
    may: 'user_id = $1',
  },
  alert_preferences: {
    table: '(SELECT user_id AS id, * FROM alert_preferences)',
    must: 'id = $1',
  },
  problem: {
    table: 'problems',
    must: `ended_at IS NULL AND ${ROLE} = 'admin'`,
    may: `${ROLE} = 'admin'`,
  },
}

export type ComparedKind = keyof typeof RULES
export const COMPARED_KINDS = Object.keys(RULES) as ComparedKind[]

export interface Expected {
  /** By id, as the database has them; with the names of its columns. */
  rows: Map<string, Record<string, unknown>>
  must: Set<string>
  /** By id: as whom this person may have been given what tells of colleagues. */
  ledAs: ReadonlyMap<string, readonly boolean[]>
}

export async function expectedOf(
  database: SimulatedDatabase,
  workstation: Workstation,
  kind: ComparedKind,
): Promise<Expected> {
  const { open, closedSince } = heldCoverage(workstation)
  const { table, must, may = must, ledAs = 'NULL::jsonb' } = RULES[kind]
  const found = await database.query<{
    row: Record<string, unknown>
    must: boolean
    led: boolean[] | null
  }>(
    `SELECT to_jsonb(r) AS row, (${must}) AS must, ${ledAs} AS led FROM ${table} r
     WHERE $1::uuid IS NOT NULL AND $2::boolean IS NOT NULL AND ($3::timestamptz IS NULL OR TRUE)
       AND ((${must}) OR (${may}))`,
    [workstation.person.id, open, closedSince],
  )
  const rows = new Map(found.map(({ row }) => [String(row['id']), row]))
  return {
    rows,
    must: new Set(found.filter((one) => one.must).map(({ row }) => String(row['id']))),
    ledAs: new Map(found.map(({ row, led }) => [String(row['id']), led ?? [true, false]])),
  }
}
