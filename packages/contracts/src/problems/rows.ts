import { z } from 'zod'

import { json, syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'

/**
 * What can be broken, and what is said of it: counts, and names of the installation’s own, never what customers wrote
 * and no secret. A further one is a line here, with its words in main and in the window, and whoever raises it.
 */
export const PROBLEM_DETAILS = {
  /** A channel account refuses everything. `reason`: the channel’s error code, or `not_configured`. */
  channel_stopped: z.object({ channel: z.string(), account: z.string(), reason: z.string() }),
  /** What came in could not be processed, and waits. */
  quarantine: z.object({ updates: z.int() }),
  /** What came in takes effect late: so many webhooks wait, the oldest for so long. */
  intake_behind: z.object({ webhooks: z.int(), seconds: z.int() }),
  /** The audit log is not as it was written, from this entry on. */
  audit_log: z.object({ seq: z.int(), problem: z.string() }),
  /** Many tried to sign in and failed, within a quarter of an hour. */
  sign_in_failures: z.object({ failures: z.int(), people: z.int() }),
  /** The administrator whom a password lets in where single sign-on is forced came in by it, within a day. */
  break_glass_used: z.object({ person: z.string() }),
  /** A key that is in use and has no next one ends within so many days; 0: it has ended. `name`: as its maker called it. */
  api_key_ending: z.object({ name: z.string(), days: z.int() }),
}
export type ProblemKind = keyof typeof PROBLEM_DETAILS
export type ProblemDetails<Kind extends ProblemKind> = z.infer<(typeof PROBLEM_DETAILS)[Kind]>

/** Something of the installation is broken, or was. Kinds are open on the wire: a newer server has more of them. */
export const problemRow = z.object({
  id,
  version,
  kind: z.string(),
  details: json,
  firstAt: instant,
  /** When it was last seen to be so; the details are as of then. */
  lastAt: instant,
  /** Somebody knows: it is quiet from then on, everywhere. */
  acknowledgedBy: id.nullable(),
  acknowledgedAt: instant.nullable(),
  endedAt: instant.nullable(),
})
export type ProblemRow = z.infer<typeof problemRow>
export const problemKind = syncedKind('problem', problemRow)
