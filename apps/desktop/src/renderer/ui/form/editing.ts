import type { AppError, BridgeResult } from '@parley/contracts'

/**
 * Changing what the server keeps: what is typed stands over what is stored, upon the version that it was made
 * from, until it is saved or discarded.
 */
export interface EditingState<Draft, Problems> {
  /** Null: what is stored stands in the form. */
  typed: Typed<Draft> | null
  isBusy: boolean
  /** Somebody meant to use it: from then on what is wrong is shown, also what is only empty. */
  wasTried: boolean
  /** What the server alone found wrong, until something else is typed. */
  refused: Problems | null
  error: AppError | null
  savedAt: number | null
}

interface Typed<Draft> {
  draft: Draft
  basedOn: number
  /** Whether saving it would change anything. */
  isUnsaved: boolean
}

/** In the form's terms, with its version: 0 where nobody counts them. */
export interface Stored<Draft> {
  draft: Draft
  version: number
}

/** What a draft stands for, null while anything in it is wrong, and what that is. */
export interface Reading<Value, Problems> {
  value: Value | null
  problems: Problems
}

type AnyState = EditingState<unknown, unknown>

export const UNTOUCHED: EditingState<never, never> = {
  typed: null,
  isBusy: false,
  wasTried: false,
  refused: null,
  error: null,
  savedAt: null,
}

export function typeIn<Draft, Problems>(
  state: EditingState<Draft, Problems>,
  draft: Draft,
  stored: Stored<Draft>,
  isSame: (a: Draft, b: Draft) => boolean,
): EditingState<Draft, Problems> {
  const rest = { ...state, refused: null, savedAt: null }
  // Typed back to what is stored, nothing is left. What only means the same stays as it is typed.
  if (isEqual(draft, stored.draft)) return { ...rest, typed: null, error: null }
  const basedOn = state.typed?.basedOn ?? stored.version
  const typed = { draft, basedOn, isUnsaved: !isSame(draft, stored.draft) }
  // Who was faster stays said until somebody chooses.
  return { ...rest, typed, error: isConflict(state) ? state.error : null }
}

export const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Gone to another screen: what is typed waits, what was said about it does not. */
export function leave<Draft, Problems>(
  state: EditingState<Draft, Problems>,
): EditingState<Draft, Problems> {
  return { ...UNTOUCHED, typed: state.typed, isBusy: state.isBusy }
}

export const isUnsaved = ({ typed }: AnyState): boolean => typed?.isUnsaved ?? false

export const isConflict = ({ error }: AnyState): boolean => error?.code === 'conflict'

/** The version that somebody else saved meanwhile. */
export const theirVersion = ({ error }: AnyState): number => Number(error?.details['version'] ?? 0)

export function canSave(state: AnyState, isOnline: boolean): boolean {
  return isOnline && isUnsaved(state) && !state.isBusy && !isConflict(state)
}

type Standing = 'problems' | 'busy' | 'offline' | 'unsaved' | 'saved' | 'untouched'

/** What is to be said of it where nothing was refused: the gravest. */
export function standing(
  state: AnyState,
  { isOnline, hasProblems }: { isOnline: boolean; hasProblems: boolean },
): Standing {
  if (hasProblems) return 'problems'
  if (state.isBusy) return 'busy'
  if (isUnsaved(state)) return isOnline ? 'unsaved' : 'offline'
  return state.savedAt === null ? 'untouched' : 'saved'
}

/** Where the state of one form is kept. */
export interface Place<Draft, Problems> {
  now: () => EditingState<Draft, Problems>
  set: (next: (state: EditingState<Draft, Problems>) => EditingState<Draft, Problems>) => void
}

/** Busy until the server has answered; what it refused is said. */
export async function during<Draft, Problems>(
  place: Place<Draft, Problems>,
  run: () => Promise<AppError | null>,
): Promise<void> {
  place.set((state) => ({ ...state, isBusy: true }))
  const error = await run()
  place.set((state) => ({ ...state, isBusy: false, error }))
}

export interface Saving<Draft, Value, Problems, Answer> {
  draft: Draft
  /** What the draft stands for. */
  value: Value
  basedOn: number
  send: (value: Value, basedOn: number) => Promise<BridgeResult<Answer>>
  /** Has the answer shown as what is stored. @returns its version */
  take: (answer: Answer) => number | Promise<number>
  /** Has what is stored now shown. */
  readAgain: () => void | Promise<void>
  /** Which fields a refusal means; null: none of the form's. */
  refusedProblems: (details: AppError['details']) => Problems | null
}

export function save<Draft, Value, Problems, Answer>(
  place: Place<Draft, Problems>,
  saving: Saving<Draft, Value, Problems, Answer>,
): Promise<void> {
  return during(place, async () => {
    const result = await saving.send(saving.value, saving.basedOn)
    if (result.ok) {
      // Before the draft goes, so that nothing older is shown in between.
      const version = await saving.take(result.value)
      place.set(({ typed }) => ({
        ...UNTOUCHED,
        // What was typed since stays, upon what is stored now.
        typed:
          typed === null || typed.draft === saving.draft ? null : { ...typed, basedOn: version },
        savedAt: Date.now(),
      }))
      return null
    }
    const { code, details } = result.error
    // One's own is compared with theirs from now on, and theirs is there if it is chosen.
    if (code === 'conflict') await saving.readAgain()
    const refused = code === 'invalid_input' ? saving.refusedProblems(details) : null
    place.set((state) => ({ ...state, refused }))
    return refused === null ? result.error : null
  })
}
