import { CacheTrouble } from '../store/cache-trouble.ts'
import { type Store } from '../store/store.ts'

/** After the first paint, and what comes with it. */
const CHECK_AFTER_MS = 5000

/**
 * Looks for damage where a cache was not closed, and not before it is shown. The store tells whoever listens what is
 * found.
 * @param isOpen whether it is still the one that is open
 * @returns what ends it
 */
export function checkLater(store: Store, isOpen: () => boolean): () => void {
  if (!store.wasLeftOpen) return () => {}
  const check = store.check()
  const next = (): void => {
    if (!isOpen()) return
    try {
      if (check.next().done !== true) timer = setTimeout(next, 0)
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error
    }
  }
  let timer = setTimeout(next, CHECK_AFTER_MS)
  return () => clearTimeout(timer)
}
