import { create } from 'zustand'

import { type SettingsDraft } from './settings-draft.ts'

/** What was changed in a team's settings and not saved, so that looking elsewhere loses nothing. */
interface SettingsDrafts {
  /** By person and team: nobody finds another's. */
  drafts: Readonly<Record<string, SettingsDraft>>
}

export const useSettingsDrafts = create<SettingsDrafts>()(() => ({ drafts: {} }))

export function keepDraft(key: string, draft: SettingsDraft | null): void {
  useSettingsDrafts.setState(({ drafts }) => {
    const { [key]: _before, ...rest } = drafts
    return { drafts: draft === null ? rest : { ...rest, [key]: draft } }
  })
}
