import type Database from 'better-sqlite3'

/** A feature's schema in the cache, one step after the other; a step that has run anywhere is never edited. */
export interface FeatureSteps {
  readonly name: string
  readonly steps?: readonly string[]
  /**
   * What its steps and triggers can call in SQL, of one text (null for none): the same for the same text, always. One
   * that has shipped gives what it gave; what is to be computed otherwise is another name and a step.
   */
  readonly functions?: Readonly<Record<string, (text: string | null) => string>>
}

/**
 * For a step: what the server has of this feature's rows already comes with a fresh load, behind what is shown. So
 * ends the first step of a kind that is new to caches that are in use.
 */
export const LOAD_AFRESH = `DELETE FROM meta WHERE key = 'cursor';`

/** The cache's own frame. No older one was ever in use outside of this repository. */
const FORMAT = 5

/** What the cache lacks of what its features need. @returns false where it is of a newer workstation */
export function applySteps(
  database: Database.Database,
  features: readonly FeatureSteps[],
): boolean {
  for (const { functions = {} } of features) {
    for (const [name, compute] of Object.entries(functions)) {
      database.function(name, { deterministic: true }, compute)
    }
  }
  if (!enterFormat(database)) return false
  const applied = new Map(
    (
      database.prepare('SELECT feature, count FROM applied_steps').all() as {
        feature: string
        count: number
      }[]
    ).map(({ feature, count }) => [feature, count]),
  )
  const known = new Map(features.map(({ name, steps = [] }) => [name, steps.length]))
  for (const [name, count] of applied) if (count > (known.get(name) ?? 0)) return false
  for (const { name, steps = [] } of features) {
    for (let count = applied.get(name) ?? 0; count < steps.length; count += 1) {
      database
        .transaction(() => {
          database.exec(steps[count] ?? '')
          setCount(database, name, count + 1)
        })
        .immediate()
    }
  }
  return true
}

/** @returns false where it is of a newer workstation */
function enterFormat(database: Database.Database): boolean {
  const format = database.pragma('user_version', { simple: true }) as number
  if (format >= FORMAT) return format === FORMAT
  if (format !== 0) throw new Error(`its format ${format} was never in use`)
  database
    .transaction(() => {
      database.exec(`
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        -- Conversations of which something was written, by triggers; who settles it empties it.
        CREATE TABLE touched (conversation_id TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE applied_steps (feature TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
      `)
      database.pragma(`user_version = ${FORMAT}`)
    })
    .immediate()
  return true
}

function setCount(database: Database.Database, feature: string, count: number): void {
  database
    .prepare(
      `INSERT INTO applied_steps (feature, count) VALUES (?, ?)
       ON CONFLICT (feature) DO UPDATE SET count = excluded.count`,
    )
    .run(feature, count)
}
