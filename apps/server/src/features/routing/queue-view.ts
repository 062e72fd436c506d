import { type QueueEntry, type QueueOutput, type QueueWait } from '@parley/contracts'
import {
  INELIGIBILITIES,
  chooseAgent,
  nextRelaxationAt,
  obstacleTo,
  relaxSkills,
  type Candidate,
  type Channel,
  type Explanation,
  type Priority,
} from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { openTeams } from '../business-hours/index.ts'
import { callCustomers } from '../customers/index.ts'
import { teamSettings, type StoredTeamSettings } from '../team-settings/index.ts'
import { readCandidates } from './candidates.queries.ts'
import { DECLINE_STANDS_SECONDS } from './queue.queries.ts'

/** Entries that are shown; a queue longer than that is told as a number. */
const SHOWN = 200

/** A team's queue in its order, with what each conversation waits for: the chooser's own answer. */
export async function queueView({ db }: Services, teamId: string): Promise<QueueOutput> {
  const [settings] = await teamSettings(db, [teamId])
  if (settings === undefined) throw new Failure('not_found')
  const [candidates, rows, pace, isOpen] = await Promise.all([
    readCandidates(db, teamId),
    readQueue(db, teamId),
    secondsForEach(db, teamId),
    openTeams(db),
  ])
  const called = await callCustomers(
    db,
    rows.map((row) => row.customer_id),
  )
  const nowMs = rows[0]?.now.getTime() ?? Date.now()
  return {
    mode: settings.mode,
    isOpen: isOpen(teamId),
    total: rows[0]?.total ?? 0,
    entries: rows.map((row, index) =>
      toEntry(row, index, { settings, candidates, pace, called, nowMs }),
    ),
    members: candidates
      .filter(({ presence }) => presence !== 'offline')
      .map((candidate) => ({
        userId: candidate.userId,
        load: candidate.load,
        capacity: candidate.capacity,
        obstacle:
          obstacleTo(candidate, { declinedBy: [] }, settings.channelWeights.whatsapp, {})
            ?.because ?? null,
      })),
  }
}

interface QueueRow {
  id: string
  customer_id: string
  channel: Channel
  priority: Priority
  required_skills: Record<string, number>
  queued_at: Date
  next_due_at: Date | null
  moved_by_time_at: Date | null
  declined_by: string[]
  offered_to: string | null
  offer_expires_at: Date | null
  total: number
  now: Date
}

function readQueue(db: Queryable, teamId: string): Promise<QueueRow[]> {
  return db.many(sql`
    SELECT c.id, c.customer_id, c.channel, c.priority, c.required_skills, c.queued_at,
           c.next_due_at, c.moved_by_time_at, NOW() AS now,
           (SELECT COUNT(*)::int FROM conversations q
            WHERE q.team_id = ${teamId} AND q.status = 'queued') AS total,
           o.user_id AS offered_to, o.expires_at AS offer_expires_at,
           ARRAY(SELECT d.user_id::text FROM offers d
                 WHERE d.conversation_id = c.id AND d.outcome IN ('refused', 'expired')
                   AND d.decided_at > NOW() - make_interval(secs => ${DECLINE_STANDS_SECONDS})) AS declined_by
    FROM conversations c
    LEFT JOIN offers o ON o.conversation_id = c.id AND o.outcome = 'open'
    WHERE c.team_id = ${teamId} AND c.status = 'queued'
    ORDER BY (CASE c.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
             COALESCE(c.next_due_at, 'infinity'::timestamptz), c.queued_at, c.id
    LIMIT ${SHOWN}`)
}

/** By what left the queue within the last hour; null: nothing did. */
async function secondsForEach(db: Queryable, teamId: string): Promise<number | null> {
  const { assigned } = await db.one<{ assigned: number }>(sql`
    SELECT COUNT(*)::int AS assigned FROM conversation_assignments
    WHERE assigned_at > NOW() - INTERVAL '1 hour' AND team_id = ${teamId}
      AND method IN ('auto', 'offer', 'claim')`)
  return assigned === 0 ? null : 3600 / assigned
}

interface View {
  settings: StoredTeamSettings
  candidates: readonly Candidate[]
  pace: number | null
  /** By the customer's id. */
  called: ReadonlyMap<string, string>
  nowMs: number
}

function toEntry(row: QueueRow, index: number, view: View): QueueEntry {
  const { settings, pace, called } = view
  const overflows =
    settings.overflowTeamId !== null &&
    settings.overflowAfterSeconds !== null &&
    row.moved_by_time_at === null
      ? new Date(row.queued_at.getTime() + settings.overflowAfterSeconds * 1000).toISOString()
      : null
  return {
    conversationId: row.id,
    position: index + 1,
    customerName: called.get(row.customer_id) ?? null,
    channel: row.channel,
    priority: row.priority,
    requiredSkills: row.required_skills,
    queuedAt: row.queued_at.toISOString(),
    nextDueAt: row.next_due_at?.toISOString() ?? null,
    expectedWaitSeconds: pace === null ? null : Math.round(pace * (index + 1)),
    waitsFor: waitOf(row, view),
    overflowsAt: overflows,
  }
}

function waitOf(row: QueueRow, { settings, candidates, nowMs }: View): QueueWait {
  if (row.offered_to !== null && row.offer_expires_at !== null) {
    return {
      kind: 'offer',
      userId: row.offered_to,
      expiresAt: row.offer_expires_at.toISOString(),
    }
  }
  if (settings.mode === 'pull') return { kind: 'pull' }
  const queuedAtMs = row.queued_at.getTime()
  const { userId, explanation } = chooseAgent(
    {
      conversationId: row.id,
      channel: row.channel,
      priority: row.priority,
      requiredSkills: row.required_skills,
      previousAgentId: null,
      declinedBy: row.declined_by,
      nextDueAtMs: row.next_due_at?.getTime() ?? null,
      queuedAtMs,
    },
    candidates,
    settings,
    nowMs,
  )
  if (userId !== null) return { kind: 'nothing' }
  return obstacleOf(explanation, row, settings, nowMs)
}

/** The obstacle nearest to its end: what a lead can do most about. */
function obstacleOf(
  { ineligibleCounts, ineligible }: Explanation,
  row: QueueRow,
  { relaxSkillsAfterSeconds }: StoredTeamSettings,
  nowMs: number,
): QueueWait {
  const nearest = INELIGIBILITIES.toReversed().find((because) => ineligibleCounts[because])
  if (nearest === 'declined') return { kind: 'declined' }
  if (nearest === 'at_capacity' || nearest === 'in_wrap_up' || nearest === 'finishing') {
    return { kind: 'capacity' }
  }
  if (nearest === 'lacks_skill' && !ineligibleCounts.at_capacity) {
    const queuedAtMs = row.queued_at.getTime()
    const required = relaxSkills(row.required_skills, nowMs - queuedAtMs, relaxSkillsAfterSeconds)
    const skill = ineligible.find(({ because }) => because === 'lacks_skill')?.skill
    const named = skill ?? Object.keys(required.skills)[0]
    if (named !== undefined) {
      const relaxesAt = nextRelaxationAt(
        row.required_skills,
        queuedAtMs,
        nowMs,
        relaxSkillsAfterSeconds,
      )
      return {
        kind: 'skill',
        skill: named,
        level: required.skills[named] ?? 0,
        relaxesAt: relaxesAt === null ? null : new Date(relaxesAt).toISOString(),
      }
    }
  }
  return nearest === 'lacks_skill' ? { kind: 'capacity' } : { kind: 'presence' }
}
