import { type ProblemDetails, type ProblemKind } from '@parley/contracts'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'

/** What is broken: of a kind and a subject one stands at a time. */
export interface Subject<Kind extends ProblemKind = ProblemKind> {
  kind: Kind
  /** Such as an account's id; without it there is one of the kind. */
  subject?: string
}

/** In the transaction of whatever says that it is so; saying it again changes nothing for a minute. */
export async function raiseProblem<Kind extends ProblemKind>(
  services: Pick<Services, 'signals'>,
  tx: Transaction,
  about: Subject<Kind>,
  /** Asked only where it is written down. */
  describe: () => ProblemDetails<Kind> | Promise<ProblemDetails<Kind>>,
): Promise<void> {
  const open = await lockOpen(tx, about)
  if (open === null || !open.is_fresh) await write(services, tx, about, await describe())
}

/** In the transaction of whatever ends it. */
export async function endProblem(
  { signals }: Pick<Services, 'signals'>,
  tx: Transaction,
  { kind, subject = '' }: Subject,
): Promise<void> {
  const ended = await tx.run(sql`
    UPDATE problems SET ended_at = NOW()
    WHERE kind = ${kind} AND subject = ${subject} AND ended_at IS NULL`)
  if (ended > 0) tx.afterCommit(() => signals.send('feed'))
}

/**
 * Raises or ends what no single change says, by looking. The open problem is locked before the look and that one is
 * ended and no other, so what is raised meanwhile is either seen by the look or stands as a problem of its own.
 * @param look null: all is well
 */
export async function reviewProblem<Kind extends ProblemKind>(
  services: Pick<Services, 'db' | 'signals'>,
  about: Subject<Kind>,
  look: (db: Queryable, isOpen: boolean) => Promise<ProblemDetails<Kind> | null>,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const open = await lockOpen(tx, about)
    const details = await look(tx, open !== null)
    if (details === null) {
      if (open !== null) await endProblem(services, tx, about)
    } else if (open === null || !open.is_fresh) await write(services, tx, about, details)
  })
}

/**
 * Somebody has taken note: it is quiet for everybody, and ends by itself.
 * @throws Failure `not_found`
 */
export async function acknowledgeProblem(
  { db, signals }: Services,
  { problemId, userId }: { problemId: string; userId: string },
): Promise<void> {
  const changed = await db.run(sql`
    UPDATE problems SET acknowledged_by = ${userId}, acknowledged_at = NOW()
    WHERE id = ${problemId} AND acknowledged_at IS NULL AND ended_at IS NULL`)
  if (changed > 0) return signals.send('feed')
  const known = await db.maybe(sql`SELECT 1 FROM problems WHERE id = ${problemId}`)
  if (known === null) throw new Failure('not_found')
}

/** @returns null where none stands; fresh: told within the last minute */
function lockOpen(
  tx: Transaction,
  { kind, subject = '' }: Subject,
): Promise<{ is_fresh: boolean } | null> {
  return tx.maybe(sql`
    SELECT last_at > NOW() - INTERVAL '1 minute' AS is_fresh FROM problems
    WHERE kind = ${kind} AND subject = ${subject} AND ended_at IS NULL FOR NO KEY UPDATE`)
}

/** Of two that raise it at once the second finds it fresh. */
async function write(
  { signals }: Pick<Services, 'signals'>,
  tx: Transaction,
  { kind, subject = '' }: Subject,
  details: object,
): Promise<void> {
  const written = await tx.run(sql`
    INSERT INTO problems (kind, subject, details) VALUES (${kind}, ${subject}, ${toJson(details)})
    ON CONFLICT (kind, subject) WHERE ended_at IS NULL
    DO UPDATE SET details = excluded.details, count = problems.count + 1, last_at = NOW()
    WHERE problems.last_at <= NOW() - INTERVAL '1 minute'`)
  if (written > 0) tx.afterCommit(() => signals.send('feed'))
}
