import { type SendFailureReason } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

/** What is wrong with the account itself, so that every other message would fail alike. */
const OF_THE_ACCOUNT: ReadonlySet<string> = new Set<SendFailureReason>(['channel_not_authorised'])

export function isOfTheAccount(reason: string): boolean {
  return OF_THE_ACCOUNT.has(reason)
}

/** What the channel says of a recipient, so that the account itself works. */
const OF_THE_RECIPIENT: ReadonlySet<string> = new Set<SendFailureReason>([
  'undeliverable',
  'opted_out',
  'window_closed',
])

export function isOfTheRecipient(reason: string): boolean {
  return OF_THE_RECIPIENT.has(reason)
}

/** Nothing more is sent through this account but one message now and then, until one goes through. */
export async function stopChannel(
  { db, logger }: Services,
  channelAccountId: string,
  reason: string,
): Promise<void> {
  const stopped = await db.run(sql`
    UPDATE channel_accounts
    SET stopped_at = NOW(), stopped_reason = ${reason}, next_probe_at = NOW() + INTERVAL '30 seconds'
    WHERE id = ${channelAccountId} AND stopped_at IS NULL`)
  if (stopped > 0) logger.error({ channelAccountId, reason }, 'a channel takes nothing any more')
}

/** A message went through, or was judged: whatever was wrong is over, and what waited goes on. */
export async function resumeChannel(
  { db, logger, signals }: Services,
  channelAccountId: string,
): Promise<void> {
  const resumed = await db.run(sql`
    UPDATE channel_accounts SET stopped_at = NULL, stopped_reason = NULL, next_probe_at = NULL
    WHERE id = ${channelAccountId} AND stopped_at IS NOT NULL`)
  if (resumed === 0) return
  logger.info({ channelAccountId }, 'a channel works again')
  signals.send('delivery')
}

/** At the start the settings may be others: the next message tries. */
export async function probeStoppedChannels(db: Queryable): Promise<void> {
  await db.run(sql`UPDATE channel_accounts SET next_probe_at = NOW() WHERE stopped_at IS NOT NULL`)
}
