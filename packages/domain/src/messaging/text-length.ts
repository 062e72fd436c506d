/** WhatsApp's limit for the body of a text message, in UTF-16 code units; the company's own app has the same. */
export const LONGEST_REPLY = 4096

/** What is written but not sent is kept far beyond that: somebody may cut it down, or take it elsewhere. */
export const LONGEST_DRAFT = 500_000

/** From here on one would like to know how much is left. */
const NEAR = 3600

export interface ReplyLength {
  length: number
  limit: number
  /** So many have to go before it can be sent. */
  over: number
  isNear: boolean
}

/** Whether a channel takes these words as one message. */
export function replyLength({ length }: string): ReplyLength {
  return {
    length,
    limit: LONGEST_REPLY,
    over: Math.max(0, length - LONGEST_REPLY),
    isNear: length > NEAR,
  }
}
