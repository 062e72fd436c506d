import { type Channel } from '@parley/domain'
import { MAX_SEND_ATTEMPTS, retryDelayMs } from '@parley/domain'

import { type Leases } from '../../platform/leases.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { type ChannelAdapter } from '../channels/index.ts'
import {
  conversationsToSend,
  markAmbiguous,
  markFailed,
  markForRetry,
  markSending,
  nextToSend,
  type SendableMessage,
} from './messages.queries.ts'
import { recordAccepted } from './receipts.ts'

const SWEEP_INTERVAL_MS = 2000
const SWEEP_BATCH = 500

/** Sends what is pending: per conversation first in first out, by one process at a time. */
export interface Delivery {
  /** Looks at this conversation as soon as it can. */
  wake(conversationId: string): void
  /** Finishes the sends under way. */
  stop(): Promise<void>
}

export function startDelivery(
  services: Services,
  adapters: ReadonlyMap<Channel, ChannelAdapter>,
  leases: Leases,
): Delivery {
  const { db, signals, logger } = services
  const underWay = new Map<string, Promise<void>>()
  const timers = new Map<string, NodeJS.Timeout>()
  let stopping = false

  function wake(conversationId: string): void {
    if (stopping) return
    const current = underWay.get(conversationId)
    // The one under way may have looked already: another turn after it.
    const turn = (current ?? Promise.resolve())
      .then(() => deliver(conversationId))
      .catch((error: unknown) => {
        logger.error({ err: error, conversationId }, 'delivery failed; the sweep tries again')
      })
      .finally(() => {
        if (underWay.get(conversationId) === turn) underWay.delete(conversationId)
      })
    underWay.set(conversationId, turn)
  }

  async function deliver(conversationId: string): Promise<void> {
    while (!stopping && (await nextToSend(db, conversationId)) !== null) {
      const lease = await leases.tryTake(`deliver:${conversationId}`)
      // Another process is at it, and looks once more after letting go.
      if (lease === null) return
      let waitMs: number | null
      try {
        waitMs = await deliverInOrder(conversationId)
      } finally {
        await lease.release()
      }
      if (waitMs !== null) {
        wakeLater(conversationId, waitMs)
        return
      }
    }
  }

  /** @returns how long the next one has to wait, or null when there is nothing left */
  async function deliverInOrder(conversationId: string): Promise<number | null> {
    for (;;) {
      const message = await nextToSend(db, conversationId)
      if (message === null || stopping) return null
      if (message.sending_since !== null) {
        // We hold the lease, so whoever began this send died during it: nobody knows what became of it.
        await markAmbiguous(db, message.id, 'the server stopped while sending')
        signals.send('feed')
        continue
      }
      const waitMs = (message.next_attempt_at?.getTime() ?? 0) - Date.now()
      if (waitMs > 0) return waitMs
      await sendOne(message)
    }
  }

  async function sendOne(message: SendableMessage): Promise<void> {
    const adapter = adapters.get(message.channel)
    if (adapter === undefined || message.to === null) {
      await markFailed(db, message.id, 'channel_not_authorised', 'the channel is not configured')
      signals.send('feed')
      return
    }
    await markSending(db, message.id)
    const result = await adapter.send({
      messageId: message.id,
      accountExternalId: message.account_external_id,
      to: message.to,
      text: message.text,
    })
    await settle(message, result)
  }

  async function settle(
    message: SendableMessage,
    result: Awaited<ReturnType<ChannelAdapter['send']>>,
  ): Promise<void> {
    const outcome = result.outcome === 'accepted' ? 'accepted' : result.failure.kind
    services.metrics.sends.inc({ channel: message.channel, outcome })
    if (result.outcome === 'accepted') {
      await recordAccepted(services, message.id, result.channelMessageId)
      return
    }
    const { failure, detail } = result
    if (failure.kind === 'ambiguous') await markAmbiguous(db, message.id, detail)
    else if (failure.kind === 'permanent') await markFailed(db, message.id, failure.reason, detail)
    else if (message.retry_count + 1 >= MAX_SEND_ATTEMPTS) {
      await markFailed(db, message.id, 'channel_unavailable', detail)
    } else {
      const delayMs = retryDelayMs(failure.pace, message.retry_count + 1, Math.random())
      await markForRetry(db, message.id, delayMs, detail)
    }
    signals.send('feed')
  }

  function wakeLater(conversationId: string, waitMs: number): void {
    clearTimeout(timers.get(conversationId))
    const timer = setTimeout(() => {
      timers.delete(conversationId)
      wake(conversationId)
    }, waitMs)
    timers.set(conversationId, timer)
  }

  const sweep = startPeriodic('delivery sweep', SWEEP_INTERVAL_MS, services, async () => {
    for (const conversationId of await conversationsToSend(db, SWEEP_BATCH)) {
      if (!underWay.has(conversationId)) wake(conversationId)
    }
  })

  // What Parley itself has to say is written without a hand on this process.
  const stopListening = signals.on('delivery', (conversationId) => {
    if (conversationId !== '') wake(conversationId)
  })

  return {
    wake,
    async stop() {
      stopping = true
      stopListening()
      await sweep.stop()
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(underWay.values())
    },
  }
}
