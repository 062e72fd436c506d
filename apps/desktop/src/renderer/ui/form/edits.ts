import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'

import { useMe } from '../../bridge/views.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { type EditingState, type Place, UNTOUCHED, isUnsaved } from './editing.ts'

/** What is edited: a part of a screen, and of which team where each has its own. */
export interface Subject {
  screen: keyof Screens
  part: string
  teamId?: string
}

interface Edit {
  personId: string
  subject: Subject
  state: EditingState<unknown, unknown>
}

/** What was changed and not saved, while the window lives: looking elsewhere loses nothing. Nobody finds another's. */
const useEdits = create<{ edits: Readonly<Record<string, Edit>> }>(() => ({ edits: {} }))

const keyOf = (personId: string, { screen, part, teamId }: Subject) =>
  JSON.stringify([personId, screen, part, teamId])

export function placeOf<Draft, Problems>(
  personId: string,
  subject: Subject,
): Place<Draft, Problems> {
  const key = keyOf(personId, subject)
  const now = () => stateIn<Draft, Problems>(useEdits.getState().edits, key)
  return {
    now,
    set: (next) =>
      useEdits.setState(({ edits }) => ({
        edits: { ...edits, [key]: { personId, subject, state: next(now()) } },
      })),
  }
}

export function useEditingState<Draft, Problems>(
  personId: string,
  subject: Subject,
): EditingState<Draft, Problems> {
  const key = keyOf(personId, subject)
  return useEdits(({ edits }) => stateIn<Draft, Problems>(edits, key))
}

/** A subject has always the same kind of draft. */
const stateIn = <Draft, Problems>(edits: Readonly<Record<string, Edit>>, key: string) =>
  (edits[key]?.state ?? UNTOUCHED) as EditingState<Draft, Problems>

/** Whether something that matches is not saved. */
type Unsaved = (where: Partial<Subject>) => boolean

export function useUnsaved(): Unsaved {
  const { id } = useMe()
  return unsavedAmong(useEdits(useShallow(({ edits }) => unsavedOf(edits, id))))
}

export const unsavedNow = (personId: string): Unsaved =>
  unsavedAmong(unsavedOf(useEdits.getState().edits, personId))

function unsavedOf(edits: Readonly<Record<string, Edit>>, personId: string): Subject[] {
  return Object.values(edits)
    .filter((edit) => edit.personId === personId && isUnsaved(edit.state))
    .map(({ subject }) => subject)
}

const unsavedAmong =
  (subjects: readonly Subject[]): Unsaved =>
  ({ screen, part, teamId }) =>
    subjects.some(
      (subject) =>
        (screen === undefined || screen === subject.screen) &&
        (part === undefined || part === subject.part) &&
        (teamId === undefined || teamId === subject.teamId),
    )
