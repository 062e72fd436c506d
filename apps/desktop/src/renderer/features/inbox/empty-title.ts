import type { InboxView } from '@parley/contracts'

import { type Extent } from '../../bridge/use-is-partial.ts'

/**
 * What is said of a list that shows nothing: that it is empty only where that is known. Null: nothing yet, since the
 * server may still say that it is not.
 */
export function emptyTitle(
  kind: InboxView['kind'],
  {
    extent,
    isFiltered,
    isLoading,
  }: {
    extent: Extent
    isFiltered: boolean
    /** Nothing may have come yet of a load that brings all of it. */
    isLoading: boolean
  },
) {
  if (extent === 'all') return isFiltered ? 'filtered' : (`empty.${kind}` as const)
  if (isLoading) return 'empty.loading'
  if (extent === 'unknown') return null
  return isFiltered ? 'emptyHere.filtered' : (`emptyHere.${kind}` as const)
}
