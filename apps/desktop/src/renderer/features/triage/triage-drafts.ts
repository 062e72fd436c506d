import { create } from 'zustand'

import { type ModelDraft } from './model-draft.ts'
import { type OrderDraft } from './order-draft.ts'
import { type RulesDraft } from './rules-draft.ts'

/** What was changed and not saved, so that looking elsewhere loses nothing. Keys are never among it. */
export interface TriageDrafts {
  rules?: RulesDraft
  order?: OrderDraft
  model?: ModelDraft
}

interface DraftsByPerson {
  /** Nobody finds another's. */
  people: Readonly<Record<string, TriageDrafts>>
}

const NONE: TriageDrafts = {}
export const useDraftsByPerson = create<DraftsByPerson>()(() => ({ people: {} }))

export function useTriageDrafts(personId: string): TriageDrafts {
  return useDraftsByPerson(({ people }) => people[personId]) ?? NONE
}

/** @param draft undefined: nothing of this kind is left to save */
export function keepTriageDraft<Kind extends keyof TriageDrafts>(
  personId: string,
  kind: Kind,
  draft: TriageDrafts[Kind],
): void {
  useDraftsByPerson.setState(({ people }) => {
    const { [kind]: _before, ...rest } = people[personId] ?? NONE
    const next = draft === undefined ? rest : { ...rest, [kind]: draft }
    return { people: { ...people, [personId]: next } }
  })
}

export function hasUnsaved(personId: string): boolean {
  return Object.keys(useDraftsByPerson.getState().people[personId] ?? NONE).length > 0
}
