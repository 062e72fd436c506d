import { type ListWay } from './list-state.ts'

/** The other order; what is shown stays. */
export function turned(way: ListWay): ListWay {
  return { ...way, order: way.order === 'due' ? 'queue' : 'due' }
}

/** Whether the list leaves anything out. */
export const isFiltered = ({ only }: ListWay) => only !== 'all'
