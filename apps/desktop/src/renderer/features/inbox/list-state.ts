import type { BridgeInput, InboxView } from '@parley/contracts'
import { printSearch } from '@parley/domain'

import { MAIN, useViewState } from '../../app/view-state.ts'
import { viewStore } from '../../app/view-store.ts'

type Asked = BridgeInput<'inbox.list'>

/** Which of a list's conversations are shown, and in which order. */
export interface ListWay {
  /** By search operator, all of which must hold: `due` → `overdue`. */
  filters: Readonly<Record<string, string>>
  order: NonNullable<Asked['order']>
}

const PLAIN_WAY: ListWay = { filters: {}, order: 'queue' }

/** With one filter set or, for null, taken away. */
export function filteredBy(way: ListWay, operator: string, value: string | null): ListWay {
  const { [operator]: _before, ...others } = way.filters
  return { ...way, filters: value === null ? others : { ...others, [operator]: value } }
}

/** As the engine is asked for it. */
export function askedFor({ filters, order }: ListWay): Pick<Asked, 'filter' | 'order'> {
  const terms = Object.entries(filters).map(([name, value]) => ({
    kind: 'operator' as const,
    name,
    value,
  }))
  return { filter: printSearch(terms), order }
}

interface ListState {
  view: InboxView
  /** By view; a view without one shows everything in the queue's order. */
  ways: Readonly<Record<string, ListWay>>
  /** The list takes the focus as soon as it is there. */
  wantsFocus: boolean
}

export const useListState = viewStore<ListState>(() => ({
  view: { kind: 'mine' },
  ways: {},
  wantsFocus: false,
}))

export const useShownView = () => useListState(({ view }) => view)

export function showView(view: InboxView): void {
  useListState.setState({ view })
  useViewState.getState().showScreen(MAIN)
}

/** Shows a view and goes there. */
export function goToView(view: InboxView): void {
  useListState.setState({ wantsFocus: true })
  showView(view)
}

/** The list that is shown takes the focus. */
export function focusList(): void {
  useListState.setState({ wantsFocus: true })
}

/** How this view's list is shown now. */
export function useListWay(view: InboxView): ListWay {
  return useListState(({ ways }) => ways[JSON.stringify(view)] ?? PLAIN_WAY)
}

export function setListWay(view: InboxView, way: ListWay): void {
  useListState.setState(({ ways }) => ({ ways: { ...ways, [JSON.stringify(view)]: way } }))
}

export function isSameView(a: InboxView, b: InboxView): boolean {
  return a.kind === b.kind && (a.kind !== 'team' || (b.kind === 'team' && a.teamId === b.teamId))
}
