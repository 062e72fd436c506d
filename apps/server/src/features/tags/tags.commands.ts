import { type TagRow, type TagRuleRow } from '@parley/contracts'
import { may } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { carryOut, insertEvent } from '../conversations/index.ts'
import { lacksTag } from './required-on-close.ts'
import { readTagRules, readTags } from './tags.rows.ts'

/** PostgreSQL's code. */
const UNIQUE_VIOLATION = '23505'
/** A conversation with more is told about everything, and so about nothing. */
const MOST_TAGS = 50

/** Who asks, and how the log calls them. */
interface Administered {
  actor: SessionActor
  by: Doer
}

interface TagFields {
  name: string
  color: string
  teamId: string | null
}

/**
 * A team's own by who may manage its tags, one for all teams by who may manage all.
 * @throws Failure `forbidden`, `not_found` (the team), `invalid_input` (name: taken)
 */
export async function createTag(
  { db, signals, audit }: Services,
  { actor, by, id, name, color, teamId }: TagFields & Administered & { id: string },
): Promise<TagRow> {
  return db.transaction(async (tx) => {
    await requireTeamOf(tx, actor, teamId)
    const made = await tx.run(sql`
      INSERT INTO tags (id, name, color, team_id) VALUES (${id}, ${name}, ${color}, ${teamId})
      ON CONFLICT DO NOTHING`)
    const [tag] = await readTags(tx, [id])
    if (tag === undefined) throw nameIsTaken()
    if (made > 0) {
      audit.record(tx, by, {
        action: 'tag.created',
        target: target(id),
        after: { name, color, teamId },
      })
      tx.afterCommit(() => signals.send('feed'))
    }
    return tag
  })
}

/** @throws Failure as above, and `conflict` where somebody saved since `basedOn` */
export async function saveTag(
  { db, signals, audit }: Services,
  {
    actor,
    by,
    id,
    basedOn,
    name,
    color,
    teamId,
  }: TagFields & Administered & { id: string; basedOn: number },
): Promise<TagRow> {
  const saving = db.transaction(async (tx) => {
    const present = await lockTag(tx, id)
    if (present === null) throw new Failure('not_found')
    requireOver(actor, present.team_id)
    await requireTeamOf(tx, actor, teamId)
    if (Number(present.version) !== basedOn) {
      throw new Failure('conflict', { action: 'tag.saved', version: Number(present.version) })
    }
    await tx.run(sql`
      UPDATE tags SET name = ${name}, color = ${color}, team_id = ${teamId} WHERE id = ${id}`)
    audit.record(tx, by, {
      action: 'tag.changed',
      target: target(id),
      before: { name: present.name, color: present.color, teamId: present.team_id },
      after: { name, color, teamId },
    })
    tx.afterCommit(() => signals.send('feed'))
    return (await readTags(tx, [id]))[0] as TagRow
  })
  return saving.catch((error: unknown) => {
    throw (error as { code?: unknown }).code === UNIQUE_VIOLATION ? nameIsTaken() : error
  })
}

/** @throws Failure `forbidden` */
export async function removeTag(
  { db, signals, audit }: Services,
  { actor, by, id }: Administered & { id: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const present = await lockTag(tx, id)
    if (present === null) return
    requireOver(actor, present.team_id)
    await tx.run(sql`DELETE FROM tags WHERE id = ${id}`)
    audit.record(tx, by, {
      action: 'tag.removed',
      target: target(id),
      before: { name: present.name, teamId: present.team_id },
    })
    tx.afterCommit(() => signals.send('feed'))
  })
}

interface TagIntent {
  actor: SessionActor
  intentId: string
  conversationId: string
  tagId: string
}

/**
 * Puts a tag of the conversation's team, or of all teams, on it. One that is there stays who put it on first's; its
 * version rises, so that a removal which did not see this does not take it off.
 * @throws Failure `not_found`, `forbidden`, `invalid_input` (tagId: too many)
 */
export async function addTag(services: Services, intent: TagIntent): Promise<void> {
  const { tagId, actor } = intent
  await carryOut(
    services,
    { ...intent, procedure: 'tags.add', permission: 'conversation.tag' },
    async (tx, conversation) => {
      const tag = await tx.maybe<{ name: string }>(sql`
        SELECT name FROM tags
        WHERE id = ${tagId} AND (team_id IS NULL OR team_id = ${conversation.team_id}) FOR KEY SHARE`)
      if (tag === null) throw new Failure('not_found')
      const { version } = await tx.one<{ version: string }>(sql`
        INSERT INTO conversation_tags (id, conversation_id, tag_id, added_by)
        VALUES (new_id(), ${conversation.id}, ${tagId}, ${actor.userId})
        ON CONFLICT (conversation_id, tag_id) DO UPDATE SET added_by = conversation_tags.added_by
        RETURNING version`)
      if (version !== '1') return
      await refuseTooMany(tx, conversation.id)
      await record(tx, intent, 'conversation.tagged', tag.name)
    },
  )
}

/**
 * Takes off what its sender saw; see `dropTagInput`.
 * @returns the row that is gone; null where this took nothing off, or took it off before
 * @throws Failure `not_found` (the conversation), `forbidden`; `required` for the last tag of a closed conversation whose
 *   team closes with one
 */
export async function dropTag(
  services: Services,
  { seen, ...intent }: TagIntent & { seen: { id: string; version: number } | null },
): Promise<string | null> {
  const { tagId, actor } = intent
  let droppedId: string | null = null
  await carryOut(
    services,
    { ...intent, procedure: 'tags.drop', permission: 'conversation.tag' },
    async (tx, conversation) => {
      const dropped = await tx.maybe<{ id: string; name: string }>(sql`
        DELETE FROM conversation_tags t USING tags
        WHERE tags.id = t.tag_id AND t.conversation_id = ${conversation.id} AND t.tag_id = ${tagId}
          AND CASE WHEN ${seen === null} THEN t.added_by = ${actor.userId} AND t.version = 1
                   ELSE t.id = ${seen?.id ?? null} AND t.version <= ${seen?.version ?? null}::bigint END
        RETURNING t.id, tags.name`)
      if (dropped === null) return
      if (conversation.status === 'closed') await refuseWithoutTag(tx, conversation.id)
      droppedId = dropped.id
      await record(tx, intent, 'conversation.untagged', dropped.name)
    },
  )
  return droppedId
}

/** @throws Failure `forbidden`, `not_found` */
export async function setTagRule(
  { db, signals, audit }: Services,
  {
    actor,
    by,
    teamId,
    requiredOnClose,
  }: Omit<TagRuleRow, 'id' | 'version'> & Administered & { teamId: string },
): Promise<TagRuleRow> {
  requireOver(actor, teamId)
  return db.transaction(async (tx) => {
    await requireActiveTeam(tx, teamId)
    const [before] = await readTagRules(tx, [teamId])
    await tx.run(sql`
      INSERT INTO team_tag_rules (team_id, required_on_close) VALUES (${teamId}, ${requiredOnClose})
      ON CONFLICT (team_id) DO UPDATE SET required_on_close = EXCLUDED.required_on_close`)
    audit.record(tx, by, {
      action: 'team.tag_rule_changed',
      target: { kind: 'team', id: teamId },
      before: { requiredOnClose: before?.requiredOnClose ?? false },
      after: { requiredOnClose },
    })
    tx.afterCommit(() => signals.send('feed'))
    return (await readTagRules(tx, [teamId]))[0] as TagRuleRow
  })
}

async function refuseTooMany(tx: Transaction, conversationId: string): Promise<void> {
  const { count } = await tx.one<{ count: number }>(sql`
    SELECT COUNT(*)::int AS count FROM conversation_tags WHERE conversation_id = ${conversationId}`)
  if (count > MOST_TAGS) throw new Failure('invalid_input', { field: 'tagId', problem: 'too many' })
}

async function refuseWithoutTag(tx: Transaction, conversationId: string): Promise<void> {
  if (await lacksTag(tx, conversationId)) throw new Failure('required', { what: 'tags' })
}

function lockTag(
  tx: Transaction,
  id: string,
): Promise<{ name: string; color: string; team_id: string | null; version: string } | null> {
  return tx.maybe(sql`SELECT name, color, team_id, version FROM tags WHERE id = ${id} FOR UPDATE`)
}

/** A tag of no team is of all: only who reaches all of them may. */
function requireOver(actor: SessionActor, teamId: string | null): void {
  if (!may(actor, 'tag.manage', { teamId, assignedTo: null })) {
    throw new Failure('forbidden', { permission: 'tag.manage' })
  }
}

async function requireTeamOf(
  db: Queryable,
  actor: SessionActor,
  teamId: string | null,
): Promise<void> {
  requireOver(actor, teamId)
  if (teamId !== null) await requireActiveTeam(db, teamId)
}

async function requireActiveTeam(db: Queryable, teamId: string): Promise<void> {
  const team = await db.maybe(sql`SELECT id FROM teams WHERE id = ${teamId} AND is_active`)
  if (team === null) throw new Failure('not_found')
}

function target(id: string) {
  return { kind: 'tag', id } as const
}

function nameIsTaken(): Failure {
  return new Failure('invalid_input', { field: 'name', problem: 'taken' })
}

async function record(
  tx: Transaction,
  { actor, conversationId, tagId }: TagIntent,
  type: 'conversation.tagged' | 'conversation.untagged',
  name: string,
): Promise<void> {
  const tag = { tag_id: tagId, name }
  await insertEvent(tx, {
    conversationId,
    type,
    actorId: actor.userId,
    oldValue: type === 'conversation.untagged' ? tag : null,
    newValue: type === 'conversation.tagged' ? tag : null,
    metadata: {},
  })
}
