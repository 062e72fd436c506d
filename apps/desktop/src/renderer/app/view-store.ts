import { type StateCreator, type StoreApi, type UseBoundStore, create } from 'zustand'

const stores: StoreApi<unknown>[] = []

/**
 * What is on the screen, of the shell or of one feature: never the truth, which is read over the bridge.
 * Another person begins with it anew.
 */
export function viewStore<State>(start: StateCreator<State>): UseBoundStore<StoreApi<State>> {
  const store = create(start)
  stores.push(store as StoreApi<unknown>)
  return store
}

export function forgetView(): void {
  for (const store of stores) store.setState(store.getInitialState(), true)
}
