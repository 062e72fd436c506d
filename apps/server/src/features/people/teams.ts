import { teamSummary, type TeamSummary } from '@parley/contracts'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { recordAs } from '../../platform/record-as.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { lockConversation, moveToTeam } from '../conversations/index.ts'
import { orTaken } from '../../platform/or-taken.ts'

/** Moved in one call; whoever asks goes on until none is left. */
const MOVED_AT_ONCE = 100
const SLUG_LENGTH = 50

interface Team {
  name: string
  description: string | null
  is_active: boolean
}

const toSummary = recordAs(teamSummary)
const target = (id: string) => ({ kind: 'team', id }) as const

export async function listTeams(db: Queryable): Promise<TeamSummary[]> {
  const records = await db.many<object>(sql`
    SELECT t.id, t.name, t.description, t.is_active,
           (SELECT COUNT(*) FROM team_memberships m JOIN users u ON u.id = m.user_id AND u.is_active
            WHERE m.team_id = t.id) AS people,
           (SELECT COUNT(*) FROM conversations c
            WHERE c.team_id = t.id AND c.status <> 'closed') AS open_conversations
    FROM teams t ORDER BY LOWER(t.name), t.id`)
  return records.map(toSummary)
}

/** Made by whoever asks with an id of their own: asked again it is the same team. @throws Failure `taken` */
export function createTeam(
  { db, audit, signals }: Services,
  by: Doer,
  { id, name, description }: { id: string; name: string; description: string | null },
): Promise<void> {
  return db.transaction(async (tx) => {
    await requireFree(tx, name, id)
    const created = await orTaken('name', () =>
      tx.run(sql`
        INSERT INTO teams (id, name, slug, description)
        VALUES (${id}, ${name}, ${slugOf(name, id)}, ${description}) ON CONFLICT (id) DO NOTHING`),
    )
    if (created === 0) return
    audit.record(tx, by, {
      action: 'team.created',
      target: target(id),
      after: { name, description },
    })
    tx.afterCommit(() => signals.send('feed'))
  })
}

/** @throws Failure `taken`, `not_found` */
export function saveTeam(
  { db, audit, signals }: Services,
  by: Doer,
  { teamId, name, description }: { teamId: string; name: string; description: string | null },
): Promise<void> {
  return db.transaction(async (tx) => {
    const before = await lockTeam(tx, teamId)
    await requireFree(tx, name, teamId)
    if (before.name === name && before.description === description) return
    // The slug stays: rules and reports of others know the team by it.
    await orTaken('name', () =>
      tx.run(
        sql`UPDATE teams SET name = ${name}, description = ${description} WHERE id = ${teamId}`,
      ),
    )
    audit.record(tx, by, {
      action: 'team.changed',
      target: target(teamId),
      before: { name: before.name, description: before.description },
      after: { name, description },
    })
    tx.afterCommit(() => signals.send('feed'))
  })
}

/**
 * Switched off, it gets nothing new, from nowhere; its people go on with what stands open in it.
 * @throws Failure `not_found`, `required` where no other team would be left (what: `another_team`)
 */
export function setTeamActive(
  { db, audit, signals }: Services,
  by: Doer,
  { teamId, isActive }: { teamId: string; isActive: boolean },
): Promise<void> {
  return db.transaction(async (tx) => {
    // All active ones are locked: of two that are switched off at once the second sees what the first has left.
    const active = await tx.many<{ id: string }>(sql`
      SELECT id FROM teams WHERE is_active ORDER BY id FOR NO KEY UPDATE`)
    const before = await lockTeam(tx, teamId)
    if (before.is_active === isActive) return
    if (!isActive && active.every(({ id }) => id === teamId)) {
      throw new Failure('required', { what: 'another_team' })
    }
    await tx.run(sql`UPDATE teams SET is_active = ${isActive} WHERE id = ${teamId}`)
    if (!isActive) await sendNothingTo(tx, teamId)
    const action = isActive ? 'team.activated' : 'team.deactivated'
    audit.record(tx, by, { action, target: target(teamId) })
    tx.afterCommit(() => {
      signals.send('feed')
      signals.send('routing')
    })
  })
}

/**
 * What stands open in a team goes to another one's queue, each conversation by itself, as if its people had transferred
 * it. Asked again it goes on where it ended.
 * @throws Failure `not_assignable`, `not_found`
 */
export async function moveOpen(
  services: Services,
  by: Doer,
  { teamId, to }: { teamId: string; to: string },
): Promise<{ moved: number; left: number }> {
  const { db, audit, signals } = services
  const into = await db.maybe<Team>(sql`SELECT is_active FROM teams WHERE id = ${to}`)
  if (into?.is_active !== true || to === teamId) throw new Failure('not_assignable', { teamId: to })
  const open = await db.many<{ id: string }>(sql`
    SELECT id FROM conversations WHERE team_id = ${teamId} AND status <> 'closed'
    ORDER BY id LIMIT ${MOVED_AT_ONCE}`)
  let moved = 0
  for (const { id } of open) {
    await db.transaction(async (tx) => {
      const conversation = await lockConversation(tx, id)
      // Somebody may have closed or moved it since.
      if (conversation?.team_id !== teamId || conversation.status === 'closed') return
      await moveToTeam(services, tx, conversation, {
        actorId: by.id,
        teamId: to,
        metadata: { reason: 'team_emptied', from_team: teamId },
      })
      moved++
    })
    signals.send('feed')
  }
  signals.send('routing')
  if (moved > 0) {
    await db.transaction(async (tx) =>
      audit.record(tx, by, {
        action: 'team.emptied',
        target: target(teamId),
        after: { moved, to },
      }),
    )
  }
  const { left } = await db.one<{ left: number }>(sql`
    SELECT COUNT(*)::int AS left FROM conversations WHERE team_id = ${teamId} AND status <> 'closed'`)
  return { moved, left }
}

/** Where others overflow into it, or send what comes out of hours, they keep it. */
async function sendNothingTo(tx: Transaction, teamId: string): Promise<void> {
  await tx.run(sql`
    UPDATE team_settings SET overflow_team_id = NULL, overflow_after_seconds = NULL
    WHERE overflow_team_id = ${teamId}`)
  await tx.run(sql`
    UPDATE team_settings SET out_of_hours = 'queue', out_of_hours_team_id = NULL
    WHERE out_of_hours_team_id = ${teamId}`)
}

/** @throws Failure `not_found` */
async function lockTeam(tx: Transaction, teamId: string): Promise<Team> {
  const team = await tx.maybe<Team>(sql`
    SELECT name, description, is_active FROM teams WHERE id = ${teamId} FOR NO KEY UPDATE`)
  if (team === null) throw new Failure('not_found')
  return team
}

async function requireFree(tx: Transaction, name: string, teamId: string): Promise<void> {
  const other = await tx.maybe(sql`
    SELECT 1 FROM teams WHERE LOWER(name) = LOWER(${name}) AND id <> ${teamId}`)
  if (other !== null) throw new Failure('taken', { what: 'name' })
}

/** For people to read, and unique by its end. */
function slugOf(name: string, id: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
  const end = id.slice(-6)
  return `${words.slice(0, SLUG_LENGTH - end.length - 1)}_${end}`
}
