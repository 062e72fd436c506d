import { type IntentKind, type RowKind, type RowMarks } from '@parley/contracts'

import { type EngineCore, type EngineFeature } from './feature.ts'
import { accounts } from './features/accounts/index.ts'
import { alerts } from './features/alerts/index.ts'
import { apiKeys } from './features/api-keys/index.ts'
import { audit } from './features/audit/index.ts'
import { cannedResponses } from './features/canned-responses/index.ts'
import { conversations } from './features/conversations/index.ts'
import { customers } from './features/customers/index.ts'
import { inbox } from './features/inbox/index.ts'
import { messaging } from './features/messaging/index.ts'
import { outbox } from './features/outbox/index.ts'
import { people } from './features/people/index.ts'
import { problems } from './features/problems/index.ts'
import { reads } from './features/reads/index.ts'
import { routing } from './features/routing/index.ts'
import { search } from './features/search/index.ts'
import { sla } from './features/sla/index.ts'
import { tags } from './features/tags/index.ts'
import { triage } from './features/triage/index.ts'
import { wallboard } from './features/wallboard/index.ts'
import { gather } from './registry.ts'

/** The one list of features; they listen in this order. */
const ALL = [
  accounts,
  alerts,
  apiKeys,
  audit,
  cannedResponses,
  conversations,
  customers,
  inbox,
  messaging,
  outbox,
  people,
  problems,
  reads,
  routing,
  search,
  sla,
  tags,
  triage,
  wallboard,
] as const

type Feature = (typeof ALL)[number]
type KeptBy<One> = One extends { kinds: readonly { kind: infer Kind }[] } ? Kind : never
type KeysOf<One, Part extends string> =
  One extends Record<Part, infer Entries> ? keyof Entries : never
/** What the contracts declare and nobody here takes on; a compile error below names it. Methods: see the engine. */
type NotTakenOn =
  | Exclude<RowKind, KeptBy<Feature>>
  | Exclude<IntentKind, KeysOf<Feature, 'intents'>>
  | Exclude<keyof RowMarks, KeysOf<Feature, 'rowMarks'>>
const FEATURES: [NotTakenOn] extends [never] ? readonly EngineFeature[] : NotTakenOn = ALL

export const REGISTRY = gather(FEATURES)

type HandlersOf<One> = One extends { handlers(engine: EngineCore): infer Given } ? Given : never
type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer Together,
) => void
  ? Together
  : never

export function featureHandlers(engine: EngineCore): All<HandlersOf<Feature>> {
  return Object.assign({}, ...FEATURES.map(({ handlers }) => handlers?.(engine)))
}
