/**
 * A message's way to the customer's eyes, over one or more attempts. The channel reports on attempts, twice, in any
 * order, and before the answer to the send itself; what is shown is the best that is true of any of them.
 */

export const MESSAGE_STATUSES = ['pending', 'sent', 'delivered', 'read', 'failed'] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

export const ATTEMPT_STATES = [
  'waiting',
  'sending',
  /** Nobody knows whether the channel took it. */
  'ambiguous',
  'sent',
  'delivered',
  'read',
  'failed',
  /** It was not needed any more: the customer has an earlier one. */
  'dropped',
] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

/** What a channel says of an attempt. */
export type ReceiptStatus = Exclude<MessageStatus, 'pending'>

/** What a person said had become of a message that nobody knew of. */
export type Settlement = 'sent' | 'discarded'

const ARRIVED = { sent: 1, delivered: 2, read: 3 } as const

/**
 * The attempt after a receipt. It never moves back; `failed` ends only what had not reached the customer, and what
 * did reach them was no failure, whatever was said before.
 */
export function advanceAttempt(current: AttemptState, receipt: ReceiptStatus): AttemptState {
  const arrived = isArrived(current) ? ARRIVED[current] : 0
  if (receipt === 'failed')
    return arrived <= ARRIVED.sent && current !== 'dropped' ? 'failed' : current
  // Taken by the channel, and failed afterwards: the first of the two came late.
  if (current === 'failed' && receipt === 'sent') return current
  return ARRIVED[receipt] > arrived ? receipt : current
}

function isArrived(state: AttemptState): state is keyof typeof ARRIVED {
  return Object.hasOwn(ARRIVED, state)
}

/**
 * The attempts once one of them has changed: a repetition that has not left is not sent to somebody who has the
 * message already, or whose channel turns out to have taken the attempt of which nobody knew.
 */
export function withoutNeedless<Attempt extends { state: AttemptState }>(
  attempts: readonly Attempt[],
): Attempt[] {
  return attempts.map((attempt, index) => {
    const isNeedless =
      attempt.state === 'waiting' && attempts.slice(0, index).some(({ state }) => isArrived(state))
    return isNeedless ? { ...attempt, state: 'dropped' } : attempt
  })
}

export interface Standing {
  status: MessageStatus
  /** Pending, and nobody knows whether it went out. */
  isAmbiguous: boolean
  /** Given up by a person, and nothing has been heard of it since that says otherwise. */
  isDiscarded: boolean
}

/**
 * What is shown of a message: the best of its attempts. Where that is unknown, a person's word counts, until the
 * channel says more.
 */
export function standingOf(
  attempts: readonly AttemptState[],
  settledAs: Settlement | null,
): Standing {
  const known = { isAmbiguous: false, isDiscarded: false }
  for (const best of ['read', 'delivered', 'sent'] as const) {
    if (attempts.includes(best)) return { status: best, ...known }
  }
  if (attempts.includes('waiting') || attempts.includes('sending')) {
    return { status: 'pending', ...known }
  }
  if (settledAs === 'discarded') return { status: 'failed', ...known, isDiscarded: true }
  if (!attempts.includes('ambiguous')) return { status: 'failed', ...known }
  if (settledAs === 'sent') return { status: 'sent', ...known }
  return { status: 'pending', ...known, isAmbiguous: true }
}

/** Whether the customer has a message that stands so, or may have it: only then it can be an answer. */
export function mayHaveArrived({ status }: Pick<Standing, 'status'>): boolean {
  return status !== 'failed'
}
