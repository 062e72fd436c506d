import type { GetRulesOutput } from '@parley/contracts'
import type { TriageRule } from '@parley/domain'
import { useCallback, useMemo, useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type ServerRead } from '../../bridge/use-server-read.ts'
import { useDirectory } from '../../bridge/views.ts'
import { type Reading } from '../../ui/form/editing.ts'
import { type Editing, useEditing } from '../../ui/form/use-editing.ts'
import { type RuleProblems, checkRules, merge, refusedProblems } from './rule-problems.ts'
import { type RulesDraft, isSameRules, rulesOf, toDraft } from './rules-draft.ts'

interface NewVersion {
  rules: TriageRule[]
  note: string
  /** Of the entries that become it. */
  keys: string[]
}

export interface RulesEditing extends Editing<RulesDraft, NewVersion, RuleProblems> {
  stored: GetRulesOutput
}

/** The rules on the screen: saving them makes a new version. */
export function useRules(
  stored: GetRulesOutput,
  readAgain: ServerRead<GetRulesOutput>['readAgain'],
): RulesEditing {
  const ask = useAsk()
  const { teams } = useDirectory()
  const [became, setBecame] = useState<{ version: number; keys: string[] } | null>(null)
  const draft = useMemo(() => {
    const { version } = stored.ruleSet
    return toDraft(version, stored.rules, became?.version === version ? became.keys : [])
  }, [stored, became])
  const read = useCallback(
    (typed: RulesDraft): Reading<NewVersion, RuleProblems> => {
      const rules = rulesOf(typed)
      const problems = checkRules(rules, new Set(teams.keys()))
      const keys = typed.entries.map(({ key }) => key)
      return {
        value: problems.size === 0 ? { rules, note: typed.note.trim(), keys } : null,
        problems,
      }
    },
    [teams],
  )
  const editing = useEditing({
    subject: { screen: 'triage', part: 'rules' },
    stored: { draft, version: stored.ruleSet.version },
    read,
    isSame: isSameRules,
    send: async ({ rules, note, keys }, basedOn) => {
      const content = { kind: 'rules' as const, rules }
      const result = await ask('triage.saveRules', { basedOn, note, content })
      if (result.ok) setBecame({ version: result.value.version, keys })
      return result
    },
    take: async ({ version }: { version: number }) => {
      await readAgain()
      return version
    },
    readAgain,
    refusedProblems: (details) => {
      const refused = refusedProblems(details)
      return refused.size === 0 ? null : refused
    },
    merge,
  })
  return { ...editing, stored }
}
