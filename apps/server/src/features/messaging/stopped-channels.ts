import { type SendFailureReason } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { endProblem, raiseProblem } from '../problems/index.ts'

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

/**
 * Nothing more is sent through this account but one message now and then, until one goes through. Each that does not
 * says so again.
 */
export async function stopChannel(
  services: Services,
  channelAccountId: string,
  reason: string,
): Promise<void> {
  // The code alone is told: what a channel says of a token may quote it.
  const code = reason.split(':', 1)[0] ?? ''
  await services.db.transaction(async (tx) => {
    const { is_new, ...account } = await tx.one<{
      is_new: boolean
      channel: string
      account: string
    }>(sql`
      UPDATE channel_accounts
      SET stopped_at = COALESCE(stopped_at, NOW()), stopped_reason = ${reason},
          next_probe_at = COALESCE(next_probe_at, NOW() + INTERVAL '30 seconds')
      WHERE id = ${channelAccountId}
      RETURNING stopped_at = NOW() AS is_new, channel, display_name AS account`)
    if (is_new) {
      tx.afterCommit(() =>
        services.logger.error(
          { channelAccountId, reason: code },
          'a channel takes nothing any more',
        ),
      )
    }
    await raiseProblem(services, tx, problemOf(channelAccountId), () => ({
      ...account,
      reason: code,
    }))
  })
}

/** A message went through: whatever was wrong is over, and what waited goes on. */
export async function resumeChannel(services: Services, channelAccountId: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const resumed = await tx.run(sql`
      UPDATE channel_accounts SET stopped_at = NULL, stopped_reason = NULL, next_probe_at = NULL
      WHERE id = ${channelAccountId} AND stopped_at IS NOT NULL`)
    if (resumed === 0) return
    await endProblem(services, tx, problemOf(channelAccountId))
    tx.afterCommit(() => {
      services.logger.info({ channelAccountId }, 'a channel works again')
      services.signals.send('delivery')
    })
  })
}

const problemOf = (channelAccountId: string) =>
  ({ kind: 'channel_stopped', subject: channelAccountId }) as const

/** At the start the settings may be others: the next message tries. */
export async function probeStoppedChannels(db: Queryable): Promise<void> {
  await db.run(sql`UPDATE channel_accounts SET next_probe_at = NOW() WHERE stopped_at IS NOT NULL`)
}
