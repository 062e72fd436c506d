import * as accounts from './features/accounts/index.ts'
import * as alerts from './features/alerts/index.ts'
import * as apiKeys from './features/api-keys/index.ts'
import * as audit from './features/audit/index.ts'
import * as cannedResponses from './features/canned-responses/index.ts'
import * as conversations from './features/conversations/index.ts'
import * as customers from './features/customers/index.ts'
import * as inbox from './features/inbox/index.ts'
import * as messaging from './features/messaging/index.ts'
import * as people from './features/people/index.ts'
import * as problems from './features/problems/index.ts'
import * as reads from './features/reads/index.ts'
import * as reporting from './features/reporting/index.ts'
import * as routing from './features/routing/index.ts'
import * as search from './features/search/index.ts'
import * as signOn from './features/sign-on/index.ts'
import * as sla from './features/sla/index.ts'
import * as sync from './features/sync/index.ts'
import * as tags from './features/tags/index.ts'
import * as triage from './features/triage/index.ts'
import { type AnyServedKind } from './features/sync/index.ts'
import { type Operators } from './platform/search-operator.ts'
import { type IntentGuard } from './platform/intent-guard.ts'

/**
 * The one list of what procedures, rows and guards there are: each feature's index exports its own as
 * `procedures`, `kinds`, `guards`, `operators`. Rows travel in this order, so what hangs on something comes after it.
 */
export const FEATURES = [
  accounts,
  cannedResponses,
  // Read before what they mark: while a load is under way nothing is unread that was read.
  reads,
  customers,
  conversations,
  messaging,
  routing,
  alerts,
  tags,
  sla,
  triage,
  problems,
  people,
  signOn,
  apiKeys,
  audit,
  inbox,
  search,
  reporting,
  sync,
] as const

interface Declared {
  procedures?: object
  kinds?: readonly AnyServedKind[]
  guards?: readonly IntentGuard[]
  operators?: Operators
}

const declared: readonly Declared[] = FEATURES
export const KINDS: readonly AnyServedKind[] = declared.flatMap(({ kinds }) => kinds ?? [])
/** The compiler asks for all that there are. */
export const OPERATORS = { ...sla.operators, ...tags.operators } satisfies Required<Operators>
export const GUARDS: readonly IntentGuard[] = declared.flatMap(({ guards }) => guards ?? [])
