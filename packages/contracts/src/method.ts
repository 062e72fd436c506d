import { z } from 'zod'

/**
 * Something that the renderer can ask of the engine. Inputs are parsed where they arrive, in the main process and
 * again in the engine; outputs are the engine's own and typed only.
 */
export interface Method<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Input
  /** The compiler's alone. */
  readonly output?: Output
}

/**
 * Only looks, and is asked again whenever something changes: whoever says what they hold of its answer is told what has
 * changed in it.
 */
export interface ShowingMethod<
  Input extends z.ZodType = z.ZodType,
  Output = unknown,
> extends Method<Input, Output> {
  readonly isShown: true
}

/** Asked also of a workstation that is locked: it tells nothing of what is saved there. */
export const whileLocked = <Asked extends Method>(
  method: Asked,
): Asked & { isWhileLocked: true } => ({
  ...method,
  isWhileLocked: true,
})

/** A feature's methods, by their names: `feature.verb`. */
export interface Methods<Group extends Record<string, Method> = Record<string, Method>> {
  readonly methods: Group
}

export function engineMethods<const Group extends Record<string, Method>>(
  methods: Group,
): Methods<Group> {
  return { methods }
}

export const takes = <Input extends z.ZodType>(input: Input) => ({
  gives: <Output>(): Method<Input, Output> => ({ input }),
  shows: <Output>(): ShowingMethod<Input, Output> => ({ input, isShown: true }),
})

export const nothing = z.undefined()
export const takesNothing = takes(nothing)
