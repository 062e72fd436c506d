import type { BridgeInput, InboxView } from '@parley/contracts'

import { MAIN, useViewState } from '../../app/view-state.ts'
import { viewStore } from '../../app/view-store.ts'

type Asked = BridgeInput<'inbox.list'>

/** Which of a list's conversations are shown, and in which order. */
export interface ListWay extends Omit<Asked, 'view' | 'limit'> {
  only: NonNullable<Asked['only']>
  order: NonNullable<Asked['order']>
}

const PLAIN_WAY: ListWay = { only: 'all', order: 'queue' }

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
