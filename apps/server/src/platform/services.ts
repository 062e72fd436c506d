import { createAuditLog, type AuditLog } from './audit-log.ts'
import { DatabaseClock, type Clock } from './clock.ts'
import { databaseNow, type Database } from './database.ts'
import { createHealth, type Health } from './health.ts'
import { type IntentGuard } from './intent-guard.ts'
import { type Logger } from './logger.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type Operators } from './search-operator.ts'
import { type Secrets } from './secrets.ts'
import { Signals } from './signals.ts'

/** What every feature stands on; made once by `server.ts`. */
export interface Services {
  db: Database
  signals: Signals
  logger: Logger
  metrics: Metrics
  /** Where features say what makes the server not ready, or merely behind. */
  health: Health
  clock: Clock
  secrets: Secrets
  audit: AuditLog
  /** What features say before intents of others are carried out. */
  guards: readonly IntentGuard[]
  /** What searches and lists can be narrowed by. */
  operators: Operators
}

/** @param connectionString of the same database, for a connection that listens once it is started */
export async function createServices(
  db: Database,
  connectionString: string,
  secrets: Secrets,
  logger: Logger,
  { guards = [], operators = {} }: Partial<Pick<Services, 'guards' | 'operators'>> = {},
): Promise<Services & { clock: DatabaseClock }> {
  const metrics = createMetrics()
  return {
    db,
    signals: new Signals(connectionString, logger),
    logger,
    metrics,
    health: createHealth(logger, metrics),
    secrets,
    audit: createAuditLog(secrets),
    clock: await DatabaseClock.start(() => databaseNow(db)),
    guards,
    operators,
  }
}
