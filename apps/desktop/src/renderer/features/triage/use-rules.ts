import type { AppError, GetRulesOutput } from '@parley/contracts'
import { useMemo, useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useDirectory, useMe } from '../../bridge/views.ts'
import { type RuleProblems, checkRules, merge, refusedProblems } from './rule-problems.ts'
import { type RulesDraft, isChanged, rulesOf, toDraft } from './rules-draft.ts'
import { keepTriageDraft, useTriageDrafts } from './triage-drafts.ts'

const NO_PROBLEMS: RuleProblems = new Map()

export interface RulesEditing {
  stored: GetRulesOutput
  draft: RulesDraft
  isChanged: boolean
  /** Shown once somebody wanted to use the rules; from then on they follow what is typed. */
  problems: RuleProblems
  error: AppError | null
  isBusy: boolean
  savedAt: number | null
  change: (draft: RulesDraft) => void
  discard: () => void
  /** @returns false, with the problems shown, where the rules would mean nothing */
  check: () => boolean
  /** @param basedOn another than the draft's own: over what somebody has saved meanwhile */
  save: (basedOn?: number) => Promise<void>
  restore: (version: number, note: string) => Promise<void>
}

/** The rules on the screen: what is stored, what was changed, and their saving. */
export function useRules(stored: GetRulesOutput, readAgain: () => Promise<void>): RulesEditing {
  const ask = useAsk()
  const me = useMe()
  const { teams } = useDirectory()
  const kept = useTriageDrafts(me.id).rules
  const [became, setBecame] = useState<{ version: number; keys: string[] } | null>(null)
  const untouched = useMemo(() => {
    const { version } = stored.ruleSet
    return toDraft(version, stored.rules, became?.version === version ? became.keys : [])
  }, [stored, became])
  const draft = kept ?? untouched
  const [isChecked, setChecked] = useState(false)
  const [refused, setRefused] = useState(NO_PROBLEMS)
  const [error, setError] = useState<AppError | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const own = useMemo(() => checkRules(rulesOf(draft), new Set(teams.keys())), [draft, teams])
  const problems = useMemo(
    () => (isChecked ? merge(own, refused) : NO_PROBLEMS),
    [isChecked, own, refused],
  )

  const change = (next: RulesDraft) => {
    // Typed back to what is stored, there is nothing left to save; what was taken out may come back still.
    const isLeft = isChanged(next, stored.rules) || next.removed !== null || next.note !== ''
    keepTriageDraft(me.id, 'rules', isLeft || next.basedOn !== untouched.basedOn ? next : undefined)
    setRefused(NO_PROBLEMS)
    setSavedAt(null)
  }
  const discard = () => {
    keepTriageDraft(me.id, 'rules', undefined)
    setChecked(false)
    setRefused(NO_PROBLEMS)
    setError(null)
    void readAgain()
  }
  const check = () => {
    setChecked(true)
    return own.size === 0
  }
  const store = async (input: Parameters<typeof ask<'triage.saveRules'>>[1]) => {
    setBusy(true)
    const result = await ask('triage.saveRules', input)
    if (result.ok) {
      if (input.content.kind === 'rules')
        setBecame({ version: result.value.version, keys: draft.entries.map(({ key }) => key) })
      // Read before the draft goes, so that nothing older is shown in between.
      await readAgain()
      keepTriageDraft(me.id, 'rules', undefined)
      setChecked(false)
      setError(null)
      setSavedAt(Date.now())
    } else if (result.error.code === 'invalid_input') {
      setRefused(refusedProblems(result.error.details))
      setChecked(true)
      setError(refusedProblems(result.error.details).size === 0 ? result.error : null)
    } else {
      setError(result.error)
      // What was saved meanwhile is what one's own is compared with from now on.
      if (result.error.code === 'conflict') await readAgain()
    }
    setBusy(false)
  }
  return {
    stored,
    draft,
    isChanged: isChanged(draft, stored.rules),
    problems,
    error,
    isBusy,
    savedAt,
    change,
    discard,
    check,
    save: async (basedOn = draft.basedOn) => {
      if (!check()) return
      const content = { kind: 'rules' as const, rules: rulesOf(draft) }
      await store({ basedOn, note: draft.note.trim(), content })
    },
    restore: (version, note) =>
      store({ basedOn: stored.ruleSet.version, note, content: { kind: 'restore', version } }),
  }
}
