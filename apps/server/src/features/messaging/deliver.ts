import { setTimeout as sleep } from 'node:timers/promises'

import { type Channel } from '@parley/domain'
import pLimit from 'p-limit'

import { isTransient } from '../../platform/database.ts'
import { type Heartbeat } from '../../platform/heartbeat.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { type ChannelAdapter, type SendResult } from '../channels/index.ts'
import {
  claimNext,
  conversationsToSend,
  oldClaims,
  orphanedTries,
  returnClaims,
  type ClaimedTry,
} from './attempts.queries.ts'
import { recordAccepted } from './receipts.ts'
import {
  isOfTheAccount,
  isOfTheRecipient,
  probeStoppedChannels,
  resumeChannel,
  stopChannel,
} from './stopped-channels.ts'
import { afterFailure, failed, settleTry } from './tries.ts'

const SWEEP_INTERVAL_MS = 2000
const SWEEP_BATCH = 500
/** Requests to the channels at the same time; WhatsApp takes 80 messages a second. */
const CONCURRENT_SENDS = 40
/** A claim that could not be used at once is given back: nobody knows what others believe by then. */
const CLAIM_VALID_MS = 2000
const RECORD_RETRY_MS = 500

/** Sends what is pending: per conversation first in first out, each try by one process, whatever any of them believes. */
export interface Delivery {
  /** Looks at this conversation as soon as it can. */
  wake(conversationId: string): void
  /** Finishes the sends under way. */
  stop(): Promise<void>
}

export function startDelivery(
  services: Services,
  adapters: ReadonlyMap<Channel, ChannelAdapter>,
  heartbeat: Heartbeat,
): Delivery {
  const { db, signals, logger } = services
  const underWay = new Map<string, Promise<void>>()
  const timers = new Map<string, NodeJS.Timeout>()
  const tries = new Set<string>()
  const limit = pLimit(CONCURRENT_SENDS)
  let stopping = false

  function wake(conversationId: string): void {
    if (stopping) return
    clearTimeout(timers.get(conversationId))
    timers.delete(conversationId)
    const current = underWay.get(conversationId)
    // The one under way may have looked already: another turn after it.
    const turn = (current ?? Promise.resolve())
      .then(() => limit(() => deliver(conversationId)))
      .catch((error: unknown) => {
        logger.error({ err: error, conversationId }, 'delivery failed; the sweep tries again')
      })
      .finally(() => {
        if (underWay.get(conversationId) === turn) underWay.delete(conversationId)
      })
    underWay.set(conversationId, turn)
  }

  async function deliver(conversationId: string): Promise<void> {
    while (!stopping) {
      const claimedAt = performance.now()
      const next = await claimNext(db, conversationId, heartbeat.processId)
      if (next.kind === 'waits') wakeLater(conversationId, next.forMs)
      if (next.kind !== 'claimed') return
      const { claimed } = next
      // After standing still for a while others may take this process for dead, and its try for ambiguous.
      const isOurs = heartbeat.isTrusted() && performance.now() - claimedAt < CLAIM_VALID_MS
      if (isOurs) await begin(claimed)
      else await giveBack(claimed)
    }
  }

  /**
   * What has begun is known as long as it is not written what came of it: nothing that goes wrong here may make it
   * look like a claim that was never used, which would be sent again.
   */
  async function begin(claimed: ClaimedTry): Promise<void> {
    tries.add(claimed.attempt_id)
    try {
      await makeTry(claimed)
    } catch (error) {
      if (stopping) throw error
      logger.error(
        { err: error, attemptId: claimed.attempt_id },
        'a try’s outcome cannot be written',
      )
      const detail = 'what came of it could not be written'
      await record(claimed, () => settleTry(services, claimed, { state: 'ambiguous', detail }))
    }
    tries.delete(claimed.attempt_id)
  }

  async function giveBack(claimed: ClaimedTry): Promise<void> {
    tries.add(claimed.attempt_id)
    try {
      await record(claimed, () => settleTry(services, claimed, { state: 'waiting' }))
    } finally {
      tries.delete(claimed.attempt_id)
    }
    // Until the heart beats again.
    await sleep(RECORD_RETRY_MS)
  }

  async function makeTry(claimed: ClaimedTry): Promise<void> {
    const adapter = adapters.get(claimed.channel)
    if (adapter === undefined) return holdBack(claimed, 'not_configured')
    if (claimed.to === null) {
      return record(claimed, () =>
        settleTry(services, claimed, failed('undeliverable', 'no address')),
      )
    }
    const result = await adapter.send({
      attemptId: claimed.attempt_id,
      accountExternalId: claimed.account_external_id,
      to: claimed.to,
      text: claimed.text,
    })
    const outcome = result.outcome === 'accepted' ? 'accepted' : result.failure.kind
    services.metrics.sends.inc({ channel: claimed.channel, outcome })
    await takeResult(claimed, result)
  }

  async function takeResult(claimed: ClaimedTry, result: SendResult): Promise<void> {
    if (result.outcome === 'accepted') {
      await record(claimed, () =>
        recordAccepted(services, {
          attemptId: claimed.attempt_id,
          messageId: claimed.message_id,
          conversationId: claimed.conversation_id,
          channelMessageId: result.channelMessageId,
        }),
      )
      if (claimed.is_probe) await resumeChannel(services, claimed.channel_account_id)
      return
    }
    const { failure, detail } = result
    if (failure.kind === 'permanent' && isOfTheAccount(failure.reason)) {
      return holdBack(claimed, detail)
    }
    await record(claimed, () => settleTry(services, claimed, afterFailure(claimed, result)))
    if (claimed.is_probe && failure.kind === 'permanent' && isOfTheRecipient(failure.reason)) {
      await resumeChannel(services, claimed.channel_account_id)
    }
  }

  /** The account takes nothing: this message waits with all others of it. */
  async function holdBack(claimed: ClaimedTry, reason: string): Promise<void> {
    await record(claimed, async () => {
      await stopChannel(services, claimed.channel_account_id, reason)
      await settleTry(services, claimed, { state: 'waiting', detail: reason })
    })
  }

  /** What is known of a try is not lost to a short outage: without it nobody would ever know what became of it. */
  async function record(claimed: ClaimedTry, write: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await write()
        return
      } catch (error) {
        if (!isTransient(error) || stopping) throw error
        logger.warn({ err: error, attemptId: claimed.attempt_id }, 'a try’s outcome waits')
        await sleep(RECORD_RETRY_MS)
      }
    }
  }

  function wakeLater(conversationId: string, waitMs: number): void {
    clearTimeout(timers.get(conversationId))
    timers.set(
      conversationId,
      setTimeout(() => wake(conversationId), waitMs),
    )
  }

  async function sweepOrphans(): Promise<void> {
    for (const orphan of await orphanedTries(db, SWEEP_BATCH)) {
      const detail = 'the server stopped while sending'
      await settleTry(services, orphan, { state: 'ambiguous', detail })
      wake(orphan.conversation_id)
    }
    // Asked first and compared then: what is claimed while the question waits for a connection is known by its answer.
    const old = await oldClaims(db, heartbeat.processId)
    const unknown = old.filter(({ id }) => !tries.has(id))
    if (unknown.length === 0) return
    for (const conversationId of await returnClaims(db, unknown)) wake(conversationId)
  }

  let isFirst = true
  const sweep = startPeriodic('delivery sweep', SWEEP_INTERVAL_MS, services, async () => {
    if (isFirst) await probeStoppedChannels(db)
    isFirst = false
    await sweepOrphans()
    for (const conversationId of await conversationsToSend(db, SWEEP_BATCH)) {
      if (!underWay.has(conversationId)) wake(conversationId)
    }
  })

  // What Parley itself has to say is written without a hand on this process.
  const stopListening = signals.on('delivery', (conversationId) => {
    if (conversationId === '') sweep.wake()
    else wake(conversationId)
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
