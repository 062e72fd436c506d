import type { AppError } from '@parley/contracts'
import { useEffect, useEffectEvent, useMemo } from 'react'

import { useMe } from '../../bridge/views.ts'
import {
  type EditingState,
  type Reading,
  type Saving,
  type Stored,
  UNTOUCHED,
  during,
  isEqual,
  leave,
  save,
  theirVersion,
  typeIn,
} from './editing.ts'
import { type Subject, placeOf, useEditingState } from './edits.ts'

export interface Edited<Draft, Value, Problems, Answer> extends Pick<
  Saving<Draft, Value, Problems, Answer>,
  'send' | 'take' | 'readAgain'
> {
  subject: Subject
  stored: Stored<Draft>
  read: (draft: Draft) => Reading<Value, Problems>
  /** Whether saving one over the other would change nothing; without it they are compared as they stand. */
  isSame?: (a: Draft, b: Draft) => boolean
  refusedProblems?: Saving<Draft, Value, Problems, Answer>['refusedProblems']
  /** What is wrong by both; without it field by field. */
  merge?: (own: Problems, refused: Problems) => Problems
  /** What may wait while another screen is shown. */
  withoutSecrets?: (draft: Draft) => Draft
}

/** What the save bar is told. */
export interface Saveable {
  state: EditingState<unknown, unknown>
  hasProblems: boolean
  save: () => Promise<void>
  /** Mine over theirs: knowing of theirs now. */
  saveAnyway: () => Promise<void>
  /** What is stored stands in the form again, read anew. */
  discard: () => void
}

export interface Editing<Draft, Value, Problems> extends Saveable {
  draft: Draft
  basedOn: number
  reading: Reading<Value, Problems>
  /** What is wrong, once somebody meant to use it. */
  problems: Problems | null
  change: (draft: Draft) => void
  /** @returns null, with the problems shown, where it stands for nothing */
  check: () => Value | null
  /** Asks the server with what it stands for, if that is anything. */
  attempt: (run: (value: Value) => Promise<AppError | null>) => Promise<void>
}

/** A form over what the server keeps. What is typed outlives the form; what was said about it does not. */
export function useEditing<Draft, Value, Problems extends object, Answer>(
  edited: Edited<Draft, Value, Problems, Answer>,
): Editing<Draft, Value, Problems> {
  const { subject, stored, read, isSame = isEqual, merge = spread } = edited
  const { id } = useMe()
  const { screen, part, teamId } = subject
  const place = useMemo(
    () =>
      placeOf<Draft, Problems>(id, { screen, part, ...(teamId === undefined ? {} : { teamId }) }),
    [id, screen, part, teamId],
  )
  const state = useEditingState<Draft, Problems>(id, subject)
  const draft = state.typed?.draft ?? stored.draft
  const reading = useMemo(() => read(draft), [read, draft])

  const change = (next: Draft) => place.set((before) => typeIn(before, next, stored, isSame))
  const discard = () => {
    place.set(() => UNTOUCHED)
    void edited.readAgain()
  }
  const check = () => {
    place.set((before) => ({ ...before, wasTried: true }))
    return read(present()).value
  }
  /** The key that saves may be the one that ends what is typed: newer than what is drawn. */
  const present = () => place.now().typed?.draft ?? stored.draft
  const saveOver = async (basedOn = place.now().typed?.basedOn ?? stored.version) => {
    const value = check()
    if (value === null) return
    const { send, take, readAgain, refusedProblems = () => null } = edited
    await save(place, {
      draft: present(),
      value,
      basedOn,
      send,
      take,
      readAgain,
      refusedProblems,
    })
  }
  const goAway = useEffectEvent(() => {
    place.set(leave)
    const { typed } = place.now()
    if (typed && edited.withoutSecrets) change(edited.withoutSecrets(typed.draft))
  })
  useEffect(() => () => goAway(), [])
  const { wasTried, refused } = state
  return {
    state,
    draft,
    basedOn: state.typed?.basedOn ?? stored.version,
    reading,
    problems: !wasTried
      ? null
      : refused === null
        ? reading.problems
        : merge(reading.problems, refused),
    hasProblems: wasTried && (reading.value === null || refused !== null),
    change,
    discard,
    check,
    attempt: async (run) => {
      const value = check()
      if (value !== null) await during(place, () => run(value))
    },
    save: () => saveOver(),
    saveAnyway: () => saveOver(theirVersion(state)),
  }
}

const spread = <Problems extends object>(own: Problems, refused: Problems): Problems => ({
  ...own,
  ...refused,
})
