import { useLayoutEffect } from 'react'

import { usePreferences } from '../bridge/views.ts'
import { setOwnKeys } from './command-table.ts'

/** The keys that this person chose, in every window that has some. */
export function useOwnKeys(): void {
  const { keys, singleKeys } = usePreferences()
  useLayoutEffect(() => setOwnKeys({ keys, singleKeys }), [keys, singleKeys])
}
