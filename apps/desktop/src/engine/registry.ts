import { type Intent, type IntentKind, type RowMarks } from '@parley/contracts'

import { type EngineFeature, type Operator, type RowMarker } from './feature.ts'
import { type Guard, type IntentDefinition } from './outbox/intent-definition.ts'
import { type KeptKind } from './store/kept-kind.ts'

/** What the features bring, found by name. */
export interface Registry {
  readonly features: readonly EngineFeature[]
  readonly kinds: ReadonlyMap<string, KeptKind>
  readonly rowMarks: ReadonlyMap<keyof RowMarks, RowMarker>
  readonly operators: ReadonlyMap<string, Operator>
  intentOf(kind: IntentKind): IntentDefinition
  guardsOf(kind: IntentKind): readonly Guard[]
}

/** @throws where two features claim the same name */
export function gather(features: readonly EngineFeature[]): Registry {
  byName(features.map((feature) => [feature.name, feature]))
  const intents = byName(features.flatMap(({ intents = {} }) => Object.entries(intents)))
  return {
    features,
    kinds: byName(
      // Each is given rows of its own kind alone.
      features.flatMap(({ kinds = [] }) =>
        kinds.map((kept) => [kept.kind, kept as unknown as KeptKind]),
      ),
    ),
    rowMarks: byName(features.flatMap(({ rowMarks = {} }) => entriesOf(rowMarks))),
    operators: byName(features.flatMap(({ operators = {} }) => Object.entries(operators))),
    intentOf(kind) {
      const definition = intents.get(kind)
      if (definition === undefined) throw new Error(`nobody knows the intent ${kind}`)
      return definition as IntentDefinition
    },
    guardsOf: (kind) =>
      features.flatMap(({ guards = {} }) => (guards[kind] as Guard<Intent['kind']>) ?? []),
  }
}

function entriesOf<Key extends string, Value>(
  given: Readonly<Partial<Record<Key, Value>>>,
): [Key, Value][] {
  return Object.entries(given) as [Key, Value][]
}

function byName<Name extends string, Value>(named: readonly [Name, Value][]): Map<Name, Value> {
  const found = new Map<Name, Value>()
  for (const [name, value] of named) {
    if (found.has(name)) throw new Error(`${name} is declared twice`)
    found.set(name, value)
  }
  return found
}
