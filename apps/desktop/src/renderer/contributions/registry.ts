import { type Contribution } from './contribution.ts'

let installed: readonly Contribution[] = []

/** Once, before anything is drawn: what the window consists of. */
export function install(contributions: readonly Contribution[]): void {
  installed = contributions
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
