import { type Cache } from '../../store/cache.ts'

/** Which conversations are all here, at least as list rows; what is beyond only the server knows. */
export interface Coverage {
  /** All open ones within this person's reach. */
  open: boolean
  /** All that were closed since; null: all that there are to show. */
  closedSince: string | null
}

const KEY = 'coverage'

export function coverageOf({ store }: Cache): Coverage {
  const stored = store.getMeta(KEY)
  return stored === null ? { open: true, closedSince: null } : (JSON.parse(stored) as Coverage)
}

export function setCoverage({ store }: Cache, coverage: Coverage): void {
  store.setMeta(KEY, JSON.stringify(coverage))
}
