import { type Database } from './database.ts'
import { type IntentGuard } from './intent-guard.ts'
import { type Logger } from './logger.ts'
import { type Metrics } from './metrics.ts'
import { type Signals } from './signals.ts'

/** What every feature stands on; made once by `main.ts`. */
export interface Services {
  db: Database
  signals: Signals
  logger: Logger
  metrics: Metrics
  /** What features say before intents of others are carried out. */
  guards: readonly IntentGuard[]
}
