export type * from './types.generated.ts'
export { createBackup, type BackupResult } from './backup.ts'
export {
  closeClient,
  createClient,
  describeTarget,
  isUnanswered,
  parseConnectionString,
} from './connect.ts'
export { createDatabase, createPool, type Database, type PoolOptions } from './database.ts'
export { DatabaseError, type DatabaseErrorCode } from './database-error.ts'
export {
  assertSchemaCompatible,
  migrate,
  readSchemaState,
  type MigrateOptions,
  type MigrateResult,
  type SchemaState,
} from './migrate.ts'
export { grantToServer } from './server-role.ts'
export { restoreBackup, type RestoreResult } from './restore.ts'
