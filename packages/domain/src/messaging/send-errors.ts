/**
 * What a failed send means, by the Cloud API's error code. HTTP statuses are not a usable signal there
 * (the same code comes as 400 or 429), so they are asked only where no code was given.
 */

export type SendFailure =
  /**
   * Refused before processing, or by a channel that takes each id once: repeating cannot double it.
   * `mayHaveArrived`: there was no answer, so that one of them may have been taken.
   */
  | { kind: 'retry'; pace: 'pair_rate' | 'backoff'; mayHaveArrived?: true }
  /** It may have gone out. Never repeated blindly; a person decides. */
  | { kind: 'ambiguous' }
  /** Repeating cannot help. */
  | { kind: 'permanent'; reason: SendFailureReason }

export type SendFailureReason =
  | 'channel_not_authorised'
  | 'not_permitted'
  | 'window_closed'
  | 'undeliverable'
  | 'opted_out'
  | 'limited_by_channel'
  | 'template_rejected'
  | 'media_rejected'
  | 'rejected'

const RATE_LIMITED = new Set([4, 80007, 130429])
const PAIR_RATE_LIMITED = 131056
const MAY_HAVE_GONE_OUT = new Set([1, 2, 131000, 131016, 131057, 133004])

const REASONS: Record<Exclude<SendFailureReason, 'rejected'>, ReadonlySet<number>> = {
  channel_not_authorised: new Set([0, 190, 131031, 131042, 131045, 133010, 368, 134011]),
  not_permitted: new Set([3, 10, 131005, 131030, 130403]),
  window_closed: new Set([131047]),
  undeliverable: new Set([131026, 130497, 130472, 131021, 137000]),
  opted_out: new Set([131050]),
  limited_by_channel: new Set([131048, 131049, 131064]),
  template_rejected: new Set([
    132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069,
  ]),
  media_rejected: new Set([131051, 131052, 131053]),
}

/**
 * @param code the Graph API's `error.code`, or null where the answer carried none
 * @param httpStatus the answer's status, or null where there was no answer (connection lost, time-out)
 */
export function classifySendFailure(code: number | null, httpStatus: number | null): SendFailure {
  if (code === null) return classifyByHttpStatus(httpStatus)
  if (code === PAIR_RATE_LIMITED) return { kind: 'retry', pace: 'pair_rate' }
  if (RATE_LIMITED.has(code)) return { kind: 'retry', pace: 'backoff' }
  if (MAY_HAVE_GONE_OUT.has(code)) return { kind: 'ambiguous' }
  return { kind: 'permanent', reason: reasonOf(code) }
}

function classifyByHttpStatus(httpStatus: number | null): SendFailure {
  if (httpStatus === 429) return { kind: 'retry', pace: 'backoff' }
  if (httpStatus === 401 || httpStatus === 403) {
    return { kind: 'permanent', reason: 'channel_not_authorised' }
  }
  if (httpStatus !== null && httpStatus >= 400 && httpStatus < 500) {
    return { kind: 'permanent', reason: 'rejected' }
  }
  return { kind: 'ambiguous' }
}

function reasonOf(code: number): SendFailureReason {
  if (code >= 200 && code <= 299) return 'not_permitted'
  for (const [reason, codes] of Object.entries(REASONS)) {
    if (codes.has(code)) return reason as SendFailureReason
  }
  return 'rejected'
}

/** Whether the channel takes an id once, so that what may have gone out can be repeated under the same one. */
export function takesEachIdOnce(channel: 'whatsapp' | 'chat_app'): boolean {
  return channel === 'chat_app'
}

/** Refused tries after which a send is given to a person. */
export const MAX_REFUSALS = 6

/**
 * How long to wait before the next attempt, in milliseconds.
 * @param attempt tries made so far, at least 1
 * @param jitter a number in [0, 1) so that many conversations do not come back in step
 */
export function retryDelayMs(
  pace: 'pair_rate' | 'backoff',
  attempt: number,
  jitter: number,
): number {
  // Meta: after a pair rate limit, wait 4^X seconds, X = 0, 1, 2…
  if (pace === 'pair_rate') return 4 ** (attempt - 1) * 1000
  return Math.round(Math.min(60_000, 500 * 2 ** (attempt - 1)) * (0.75 + jitter / 2))
}
