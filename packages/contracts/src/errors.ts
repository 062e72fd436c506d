import { z } from 'zod'

/**
 * What can go wrong and is expected. The code reaches the person in their own words; `details` fill
 * those words in. A bug is never one of these: it is thrown, logged once and shown as `internal`.
 */
export const ERROR_CODES = [
  /** No session, or credentials that are not right. */
  'unauthenticated',
  /** The session ended (signed out, revoked, reused refresh token). The workstation locks. */
  'session_ended',
  /**
   * The password is right, and a code of the second factor has to come along. details: wrong (one came, which is not
   * right), setup (what to set up first, see `secondFactorSetup`; null where the person has one, and where the code is
   * not right of what they were shown before: that still counts)
   */
  'second_factor_required',
  /** Of an account one is signed in to: the password asked for once more is not right. */
  'wrong_password',
  'wrong_code',
  /** details: problem (`too_short`, with minLength; `too_common`; `personal`; `repetitive`) */
  'weak_password',
  /** An invitation or a reset that was used, withdrawn or came too late. */
  'link_over',
  /** Somebody has this e-mail address, or a team this name. details: what */
  'taken',
  /** This address signs in by its company's provider and by nothing else. details: providerId, name */
  'sign_on_required',
  /** Single sign-on came to nothing. details: reason (one of `SIGN_ON_PROBLEMS`) */
  'sign_on_failed',
  /** They are the administrator whom a password lets in where single sign-on is forced: another one is chosen first. */
  'break_glass',
  /** details: retryAfterMs */
  'too_many_attempts',
  'forbidden',
  'not_found',
  /** details: field, problem */
  'invalid_input',
  /** Somebody was faster. details: by (user id), action, at, and the conversation's present state */
  'conflict',
  /** The state table has no such event. details: state, event */
  'refused_transition',
  /** A colleague answered after what this person had seen. details: by, at, text */
  'reply_outdated',
  /** Something has to be done first. details: what (the name of it, as `tags`) */
  'required',
  /** WhatsApp's 24 hours are over. details: endedAt */
  'window_closed',
  /** Somebody asked for gets nothing now: inactive, or not of the team. details: userId */
  'not_assignable',
  /** The company's directory says this of the person. details: what (`name`, `role`, `teams`, `access`) */
  'managed_elsewhere',
  /** Nobody would be left who manages accounts. */
  'last_admin',
  /** The workstation is too old or too new for this server. details: server, client */
  'protocol_mismatch',
  /** The server cannot now, and nothing is wrong with what was asked: lost or busy database, too much at once. */
  'try_later',
  /** Nothing of this device could be reached. Made by the workstation, never by the server. */
  'server_unreachable',
  /** The server answered something that this build does not understand. Made by the workstation, never by the server. */
  'not_understood',
  /** The address is not encrypted, and not this device's own. Made by the workstation, never by the server. */
  'insecure_server',
  /** This device could not read or write what it keeps. Made by the workstation. details: reason */
  'not_kept',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

export const appError = z.object({
  code: z.enum(ERROR_CODES),
  details: z.record(z.string(), z.unknown()).default({}),
  /** For support: finds the failure in the server's log. */
  requestId: z.string().optional(),
})
export type AppError = z.infer<typeof appError>
