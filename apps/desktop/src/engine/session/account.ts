import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { type EngineHost } from '../host.ts'
import { type FeatureSteps } from '../store/steps.ts'
import { Store, UnusableCache } from '../store/store.ts'

/** The cache of one person on this device: a file and a key of its own. */
export interface PersonalCache {
  store: Store
  /** Removes the file and the key. Nothing of it can be read again. */
  destroy(): Promise<void>
}

/** Opens the person's cache, or makes a new one. One that cannot be read is replaced: the server has it all. */
export async function openPersonalCache(
  host: EngineHost,
  personId: string,
  features: readonly FeatureSteps[],
): Promise<PersonalCache> {
  if (host.dataFolder === null) {
    const store = Store.open(null, '', features)
    return { store, destroy: async () => store.close() }
  }
  const file = join(host.dataFolder, `cache-${personId}.db`)
  const secretName = `cache-key-${personId}`
  const known = await host.readSecret(secretName)
  const key = known ?? randomBytes(32).toString('hex')
  if (known === null) {
    Store.erase(file)
    await host.writeSecret(secretName, key)
  }
  const store = openOrReplace(file, key, features)
  return {
    store,
    async destroy() {
      store.close()
      await host.writeSecret(secretName, null)
      Store.erase(file)
    },
  }
}

function openOrReplace(file: string, key: string, features: readonly FeatureSteps[]): Store {
  try {
    return Store.open(file, key, features)
  } catch (error) {
    // A newer workstation's cache may hold unsent words: it is not ours to throw away.
    if (!(error instanceof UnusableCache) || error.reason === 'newer') throw error
    Store.erase(file)
    return Store.open(file, key, features)
  }
}
