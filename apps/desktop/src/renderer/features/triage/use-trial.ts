import type { AppError, DryRunOutput } from '@parley/contracts'
import { useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { canonical, rulesOf } from './rules-draft.ts'
import { type RulesEditing } from './use-rules.ts'

export const TRIAL_DAYS = ['7', '30'] as const
export type TrialDays = (typeof TRIAL_DAYS)[number]

export interface Trial {
  days: TrialDays
  result: DryRunOutput | null
  /** The rules or the days are others now than those that were tried. */
  isOutdated: boolean
  error: AppError | null
  isBusy: boolean
  setDays: (days: TrialDays) => void
  run: () => Promise<void>
}

/** A dry run of what is on the screen, saved or not. */
export function useTrial(editing: RulesEditing): Trial {
  const { ask, isBusy, error, forgetError } = useAsking()
  const [days, setDays] = useState<TrialDays>('7')
  const [done, setDone] = useState<{ result: DryRunOutput; of: string } | null>(null)
  const rules = rulesOf(editing.draft)
  const subject = `${days} ${canonical(rules)}`
  const run = async () => {
    if (editing.check() === null) return
    forgetError()
    const result = await ask('triage.dryRun', { rules, days: Number(days) })
    if (result.ok) setDone({ result: result.value, of: subject })
  }
  return {
    days,
    result: done?.result ?? null,
    isOutdated: done !== null && done.of !== subject,
    error,
    isBusy,
    setDays,
    run,
  }
}
