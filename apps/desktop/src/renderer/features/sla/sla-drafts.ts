import { create } from 'zustand'

import { type GoalsDraft } from './goals-draft.ts'
import { type HoursDraft } from './hours-draft.ts'

/** What was changed and not saved, by person and team, so that looking elsewhere loses nothing. */
interface Drafts<Draft> {
  drafts: Readonly<Record<string, Draft>>
}

function createDrafts<Draft>() {
  const store = create<Drafts<Draft>>()(() => ({ drafts: {} }))
  return {
    use: (key: string) => store(({ drafts }) => drafts[key]),
    keep: (key: string, draft: Draft | null) =>
      store.setState(({ drafts }) => {
        const { [key]: _before, ...rest } = drafts
        return { drafts: draft === null ? rest : { ...rest, [key]: draft } }
      }),
  }
}
export type DraftStore<Draft> = ReturnType<typeof createDrafts<Draft>>

export const goalsDrafts = createDrafts<GoalsDraft>()
export const hoursDrafts = createDrafts<HoursDraft>()
