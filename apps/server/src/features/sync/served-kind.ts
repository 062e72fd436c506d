import { type ConversationRow, type RowKind, type RowOf } from '@parley/contracts'
import { may, reachOf, type Actor, type Belonging, type Permission } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { fragment, type Fragment } from '../../platform/sql.ts'

/** Whom a row is for. */
export type Audience =
  | { everyone: true }
  | { userId: string }
  /** Whoever has the permission for at least one of these. */
  | { permission: Permission; of: readonly Belonging[] }

export function isOf(actor: Actor, audience: Audience): boolean {
  if ('everyone' in audience) return true
  if ('userId' in audience) return audience.userId === actor.userId
  return audience.of.some((thing) => may(actor, audience.permission, thing))
}

/** A record read together with its conversation's team and owner. */
export interface Owned {
  team_id: string | null
  assigned_to: string | null
}

export function seenWithConversation({ team_id, assigned_to }: Owned): Audience {
  return { permission: 'conversation.see', of: [{ teamId: team_id, assignedTo: assigned_to }] }
}

/** A row as workstations hold it, read from the database as it is now. */
export interface Seen<Row> {
  row: Row
  audience: Audience
}

/** Part of the initial load. `next` asks for what follows; null where that is all. */
export interface Rows<Row> {
  rows: Row[]
  next: string | null
}

/**
 * How the server carries one kind of row, whose form the contracts declare. A feature that has one lists it as
 * `kinds` in its `index.ts`; the table's changes reach the feed by `feed_table` in a migration.
 */
export interface ServedKind<Kind extends RowKind> {
  kind: Kind
  /** Rows by id, as they are now; those that are gone are left out. */
  load(db: Queryable, ids: string[]): Promise<Seen<RowOf<Kind>>[]>
  /**
   * What of it a workstation begins with, for this person alone, in pages. `after` is null or a `next` that was
   * handed out; it comes from outside.
   * @throws Failure `invalid_input` for one that was not
   */
  initial?(db: Queryable, actor: Actor, after: string | null): Promise<Rows<RowOf<Kind>>>
  /** Hangs on conversations: whoever sees one is given it, so no row of one person's comes this way. */
  onConversations?: {
    /** What lists show with the conversation's `row`, or of its `thread`, which only whole ones bring along. */
    part: 'row' | 'thread'
    /** The newest of these conversations' rows, so many of each at most. */
    newest(
      db: Queryable,
      conversations: readonly ConversationRow[],
      most: number,
    ): Promise<RowOf<Kind>[]>
  }
  /** As much of the row as this person may read who sees it. Without it: all. @param of its conversation's */
  readBy?(row: RowOf<Kind>, actor: Actor, of: Belonging): RowOf<Kind>
  /**
   * Workstations are told when a row is gone from them: this permission decides, by what the change says of before
   * and after, who may have had it. Without it a row stays until what it hangs on goes.
   */
  removedFor?: Permission
  /** Whether everybody who sees the row reads all of it, whatever `readBy` leaves to whom. Without it: none. */
  isReadAlike?(row: RowOf<Kind>): boolean
  /** A load begins with the same for everybody. */
  isEverybodys?: true
  /** Its rows change so often that the changes of a second travel together. */
  isFrequent?: true
  /** The person that follows is such a row: its change may change what they may see. */
  isReader?: true
}

export type AnyServedKind = { [Kind in RowKind]: ServedKind<Kind> }[RowKind]

/**
 * A conversation is what other rows hang on: they come along when somebody begins to see it, and a load brings as many of
 * them as its budget allows.
 */
export interface CarryingKind extends ServedKind<'conversation'> {
  carries: true
  begins: {
    /** Open ones that this person has, by id. */
    own(
      db: Queryable,
      userId: string,
      after: string | null,
      most: number,
    ): Promise<ConversationRow[]>
    /** Open ones of these teams, the newest first. @param teamIds null: all, of no team as well */
    open(
      db: Queryable,
      teamIds: readonly string[] | null,
      before: string | null,
      most: number,
    ): Promise<ConversationRow[]>
    /** Those that were closed within 30 days, the last first. */
    closed(
      db: Queryable,
      of: { teamIds: readonly string[] | null } | { ownerId: string; besides: readonly string[] },
      before: { closedAt: string; id: string } | null,
      most: number,
    ): Promise<ClosedConversation[]>
  }
}

export interface ClosedConversation {
  row: ConversationRow
  /** In microseconds since 1970, as PostgreSQL keeps it: the row's has lost what is less than a millisecond. */
  closedAt: string
}

/** `visibleTo` as a condition over `conversations c`. */
export function inReachOf(actor: Actor): Fragment {
  const { all, userId, teamIds } = visibleTo(actor, 'conversation.see')
  if (all) return fragment`TRUE`
  return fragment`(c.assigned_to = ${userId}::uuid OR c.team_id = ANY(${teamIds}::uuid[]))`
}

/**
 * What is open in this person's reach, as a table: of each team by its own index, however many are closed, and what is of
 * no team or of others.
 */
export function openInReachOf(actor: Actor): Fragment {
  const { all, userId, teamIds } = visibleTo(actor, 'conversation.see')
  const teams = all
    ? fragment`SELECT id FROM teams`
    : fragment`SELECT unnest(${teamIds}::uuid[]) AS id`
  const others = all
    ? fragment`team_id IS NULL`
    : fragment`assigned_to = ${userId}::uuid AND (team_id = ANY(${teamIds}::uuid[])) IS NOT TRUE`
  return fragment`(
    SELECT open.* FROM (${teams}) AS team
    CROSS JOIN LATERAL (
      SELECT * FROM conversations WHERE team_id = team.id AND status <> 'closed' OFFSET 0) open
    UNION ALL
    SELECT * FROM conversations WHERE ${others} AND status <> 'closed')`
}

/** The condition of a query for what a person sees by their teams or as its owner. */
export interface Visible {
  all: boolean
  userId: string
  teamIds: readonly string[]
}

export function visibleTo(actor: Actor, permission: Permission): Visible {
  return {
    all: reachOf(actor.role, permission) === 'all',
    userId: actor.userId,
    teamIds: actor.teamIds,
  }
}
