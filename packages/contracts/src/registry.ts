import { type z } from 'zod'

import * as features from './features.ts'
import { type SyncedKind } from './kind.ts'
import { type Method } from './method.ts'

/** What the features declare, gathered: nobody has to write it a second time. */

type Declared = (typeof features)[keyof typeof features]
type DeclaredKind = Extract<Declared, { kind: string; row: z.ZodType }>
type DeclaredMethods = Extract<Declared, { methods: object }>['methods']
type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer Together,
) => void
  ? Together
  : never

/** Every kind of row by its name in the feed. */
export type RowKind = DeclaredKind['kind']
export type RowOf<Kind extends RowKind> = z.infer<Extract<DeclaredKind, { kind: Kind }>['row']>

const declared: readonly unknown[] = Object.values(features)

export const KINDS = declared.filter(isKind) as readonly SyncedKind<RowKind>[]

/** Everything that can be asked of the engine. */
type EngineMethods = All<DeclaredMethods>
export type EngineMethod = keyof EngineMethods
export type EngineOutputs = {
  [Asked in EngineMethod]: EngineMethods[Asked] extends Method<z.ZodType, infer Output>
    ? Output
    : never
}

/** What is on the screen as it was answered, and read again when it changes. */
export type ShownMethod = {
  [Asked in EngineMethod]: EngineMethods[Asked] extends { isShown: true } ? Asked : never
}[EngineMethod]

const methods = declared.filter(isMethods).flatMap((one) => Object.entries(one.methods))

export const ENGINE_INPUTS = Object.fromEntries(
  methods.map(([method, { input }]) => [method, input]),
) as { [Asked in EngineMethod]: EngineMethods[Asked]['input'] }

export const SHOWN_METHODS: ReadonlySet<string> = new Set(
  methods.filter(([, method]) => 'isShown' in method).map(([name]) => name),
)

/** The only ones that a locked workstation answers. */
export const METHODS_WHILE_LOCKED: ReadonlySet<string> = new Set(
  methods.filter(([, method]) => 'isWhileLocked' in method).map(([name]) => name),
)

function isKind(one: unknown): one is SyncedKind<RowKind> {
  return typeof one === 'object' && one !== null && 'kind' in one && 'row' in one
}

function isMethods(one: unknown): one is { methods: Record<string, Method> } {
  return typeof one === 'object' && one !== null && 'methods' in one
}
