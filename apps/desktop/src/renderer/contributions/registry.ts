import { useSyncExternalStore } from 'react'

import { type Contribution, type Ordered } from './contribution.ts'

let installed: readonly Contribution[] = []
const listeners = new Set<() => void>()

/** Once, before anything is drawn: what the window consists of. */
export function install(contributions: readonly Contribution[]): void {
  installed = contributions
  for (const listener of listeners) listener()
}

/** Something that is worked out of the contributions has to be worked out again. */
export function changed(): void {
  install([...installed])
}

let rest: Promise<void> | null = null

/** The parts that the first paint did not wait for, all together and once. */
export function installRest(): Promise<void> {
  rest ??= fetchRest()
  return rest
}

async function fetchRest(): Promise<void> {
  const parts = await Promise.all(installed.map(({ late }) => late?.()))
  install([...installed, ...parts.flatMap((part) => part?.late ?? [])])
}

/** Something worked out of all contributions, when it is first asked for. */
export function derived<Value>(
  from: (contributions: readonly Contribution[]) => Value,
): () => Value {
  let known: { of: readonly Contribution[]; value: Value } | null = null
  return () => {
    if (known?.of !== installed) known = { of: installed, value: from(installed) }
    return known.value
  }
}

/** The same for a component, which is drawn again once the rest has come. */
export function useDerived<Value>(value: () => Value): Value {
  return useSyncExternalStore(subscribe, value)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function inOrder<One extends Ordered>(ones: readonly One[]): One[] {
  return ones.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
}
