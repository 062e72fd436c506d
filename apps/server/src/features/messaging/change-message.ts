import { mayHaveArrived, standingOf, withoutNeedless } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { insertEvent, lockConversation, touchConversation } from '../conversations/index.ts'
import { bringAnswersUpToDate } from './answers.ts'
import {
  lockSentMessage,
  updateAttempt,
  updateStanding,
  type Attempt,
  type SentMessage,
} from './attempts.queries.ts'

/** An attempt as it is to be, with what only its row knows. */
export type ChangedAttempt = Attempt & { waitsMs?: number; detail?: string | null }

/** The message became an answer or was discarded, or the opposite, and its conversation was not locked before it. */
class ConversationNeeded extends Error {}

/**
 * Changes a message of ours by what has become known of it, and everything that follows: what is shown of it, needless
 * repetitions, and whether its conversation is answered. Conversations are locked before messages; most changes do
 * not need theirs, so it is taken only where it turns out to be needed.
 * @param change what becomes of its attempts; null: nothing
 */
export async function changeMessage(
  services: Services,
  messageId: string,
  conversationId: string,
  change: (tx: Transaction, message: SentMessage) => Promise<ChangedAttempt[] | null>,
): Promise<boolean> {
  const attempt = (isConversationLocked: boolean): Promise<boolean> =>
    services.db.transaction(async (tx) => {
      if (isConversationLocked) await lockConversation(tx, conversationId)
      const message = await lockSentMessage(tx, messageId)
      const attempts = message && (await change(tx, message))
      if (message === null || attempts === null) return false
      const holder = isConversationLocked ? { actorId: null } : null
      await applyAttempts(services, tx, message, attempts, holder)
      return true
    })
  try {
    return await attempt(false)
  } catch (error) {
    if (!(error instanceof ConversationNeeded)) throw error
    return attempt(true)
  }
}

/**
 * Writes what has become of a message's attempts, the message being locked by the caller.
 * @param holder who acts, where the caller holds the conversation locked
 * @throws where the conversation is needed and not locked by the caller: see `changeMessage`
 */
export async function applyAttempts(
  services: Services,
  tx: Transaction,
  message: SentMessage,
  changed: readonly ChangedAttempt[],
  holder: { actorId: string | null } | null,
): Promise<void> {
  const attempts = withoutNeedless(changed)
  const standing = standingOf(
    attempts.map(({ state }) => state),
    message.settled_as,
  )
  const couldAnswer = message.sender_type === 'agent' && !message.is_quiet
  const isOtherAnswer = couldAnswer && mayHaveArrived(message) !== mayHaveArrived(standing)
  const isShownOtherwise = (message.discarded_at !== null) !== standing.isDiscarded
  if ((isOtherAnswer || isShownOtherwise) && holder === null) throw new ConversationNeeded()

  for (const attempt of attempts) {
    const before = message.attempts.find(({ id }) => id === attempt.id)
    if (before !== attempt) await updateAttempt(tx, attempt)
  }
  await updateStanding(tx, message, { ...standing, ...shownOf(attempts, standing.status) })
  // What is its newest message now, its own row has to say.
  if (isShownOtherwise) await touchConversation(tx, message.conversation_id)
  await recordCorrection(tx, message, standing)
  if (isOtherAnswer && holder !== null) {
    await bringAnswersUpToDate(services, tx, message.conversation_id, holder.actorId, {
      seq: message.seq,
      isAnswer: mayHaveArrived(standing),
    })
  }
  tx.afterCommit(() => services.signals.send('feed'))
}

function shownOf(attempts: readonly Attempt[], status: SentMessage['status']) {
  const latest = attempts.at(-1)
  const best = attempts.findLast(({ state }) => state === status) ?? latest
  return {
    channelMessageId: best?.channel_message_id ?? null,
    deliveredAt: best?.delivered_at ?? null,
    readAt: best?.read_at ?? null,
    failedReason: status === 'failed' ? (best?.failed_reason ?? null) : null,
    retryCount: latest?.refusals ?? 0,
  }
}

/** A person had said what became of it, and the channel knows better: they are told so in the thread. */
async function recordCorrection(
  tx: Transaction,
  message: SentMessage,
  { status, isDiscarded }: { status: SentMessage['status']; isDiscarded: boolean },
): Promise<void> {
  const { settled_as: said } = message
  const isWrong =
    (said === 'sent' && status === 'failed' && message.status !== 'failed') ||
    (said === 'discarded' && message.discarded_at !== null && !isDiscarded)
  if (!isWrong) return
  await insertEvent(tx, {
    conversationId: message.conversation_id,
    type: 'message.settlement_corrected',
    actorId: null,
    oldValue: { settled_as: said },
    newValue: { status },
    metadata: { message_id: message.id },
  })
}
