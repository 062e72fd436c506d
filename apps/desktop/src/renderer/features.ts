import { shell } from './app/shell.ts'
import { type Contribution } from './contributions/contribution.ts'
import { alerts } from './features/alerts/index.ts'
import { audit } from './features/audit/index.ts'
import { composer } from './features/composer/index.ts'
import { connection } from './features/connection/index.ts'
import { conversation } from './features/conversation/index.ts'
import { customer } from './features/customer/index.ts'
import { handover } from './features/handover/index.ts'
import { help } from './features/help/index.ts'
import { inbox } from './features/inbox/index.ts'
import { offers } from './features/offers/index.ts'
import { outbox } from './features/outbox/index.ts'
import { palette } from './features/palette/index.ts'
import { people } from './features/people/index.ts'
import { presence } from './features/presence/index.ts'
import { priority } from './features/priority/index.ts'
import { problems } from './features/problems/index.ts'
import { queue } from './features/queue/index.ts'
import { reads } from './features/reads/index.ts'
import { routing } from './features/routing/index.ts'
import { search } from './features/search/index.ts'
import { session } from './features/session/index.ts'
import { sla } from './features/sla/index.ts'
import { tags } from './features/tags/index.ts'
import { triage } from './features/triage/index.ts'
import { wallboard } from './features/wallboard/index.ts'

/** Everything that the window consists of. Where order is seen (rail, help, palette) it is this one. */
export const FEATURES: readonly Contribution[] = [
  inbox,
  composer,
  conversation,
  priority,
  tags,
  reads,
  handover,
  outbox,
  offers,
  queue,
  routing,
  triage,
  wallboard,
  alerts,
  sla,
  problems,
  people,
  audit,
  palette,
  search,
  presence,
  customer,
  shell,
  help,
  connection,
  session,
]
