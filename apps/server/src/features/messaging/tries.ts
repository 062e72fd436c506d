import { MAX_REFUSALS, retryDelayMs } from '@parley/domain'

import { type Services } from '../../platform/services.ts'
import { type SendResult } from '../channels/index.ts'
import { type Attempt, type ClaimedTry } from './attempts.queries.ts'
import { changeMessage, type ChangedAttempt } from './change-message.ts'

type Try = Pick<ClaimedTry, 'attempt_id' | 'tries'>

/** What a try came to, where the channel did not take it. */
export interface TryOutcome {
  state: 'waiting' | 'ambiguous' | 'failed'
  waitsMs?: number
  refusals?: number
  failed_reason?: string
  detail?: string
}

export function failed(reason: string, detail: string): TryOutcome {
  return { state: 'failed', failed_reason: reason, detail }
}

export function afterFailure(
  { refusals }: ClaimedTry,
  { failure, detail }: Extract<SendResult, { outcome: 'failed' }>,
): TryOutcome {
  if (failure.kind === 'ambiguous') return { state: 'ambiguous', detail }
  if (failure.kind === 'permanent') return failed(failure.reason, detail)
  if (refusals + 1 >= MAX_REFUSALS) {
    return failure.mayHaveArrived === true
      ? { state: 'ambiguous', detail }
      : failed('channel_unavailable', detail)
  }
  const waitsMs = retryDelayMs(failure.pace, refusals + 1, Math.random())
  return { state: 'waiting', waitsMs, refusals: refusals + 1, detail }
}

/** Writes what a try came to. One that is not its attempt's present try any more changes nothing. */
export function settleTry(
  services: Services,
  made: Try & Pick<ClaimedTry, 'message_id' | 'conversation_id'>,
  outcome: TryOutcome,
): Promise<boolean> {
  return changeMessage(services, made.message_id, made.conversation_id, async (_tx, { attempts }) =>
    withOutcome(attempts, made, outcome),
  )
}

/** @returns null where the try is not the attempt's present one: what it brings came to nothing */
function withOutcome(
  attempts: readonly Attempt[],
  { attempt_id, tries }: Try,
  outcome: TryOutcome,
): ChangedAttempt[] | null {
  const attempt = attempts.find(({ id }) => id === attempt_id)
  if (attempt?.state !== 'sending' || attempt.tries !== tries) return null
  return attempts.map((one) => (one === attempt ? { ...one, ...outcome } : one))
}
