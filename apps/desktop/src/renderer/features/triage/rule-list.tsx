import { TriangleAlert } from 'lucide-react'

import { type KeyPress } from '../../app/key-press.ts'
import { isPressOf } from '../../app/keys.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { SelectedRows } from '../../ui/selected-rows.tsx'
import text from '../../ui/text.module.css'
import { type RuleProblems } from './rule-problems.ts'
import { ruleSummary } from './rule-words.ts'
import { type RuleEntry } from './rules-draft.ts'
import styles from './rules-panel.module.css'

export const RULE_LIST_ID = 'triage-rules'

interface RuleListProps {
  entries: readonly RuleEntry[]
  selected: string | null
  problems: RuleProblems | null
  isReadOnly: boolean
  onSelect: (key: string) => void
  onMove: (by: -1 | 1) => void
  onSwitch: () => void
  onRemove: () => void
  /** Into the rule itself. */
  onOpen: () => void
}

/** The rules in the order in which they are asked. Arrows choose, with Alt they move. */
export function RuleList({ entries, selected, problems, isReadOnly, ...on }: RuleListProps) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const nameOf = (id: string) => teams.get(id)?.name ?? t('triage.goneTeam')
  const onKey = (event: KeyPress): (() => void) | null => {
    if (isReadOnly) return null
    if (isPressOf('triage.ruleUp', event)) return () => on.onMove(-1)
    if (isPressOf('triage.ruleDown', event)) return () => on.onMove(1)
    if (isPressOf('triage.ruleSwitch', event)) return on.onSwitch
    if (isPressOf('triage.ruleRemove', event)) return on.onRemove
    return null
  }
  return (
    <SelectedRows
      id={RULE_LIST_ID}
      label={t('triage.rules')}
      rows={entries}
      keyOf={({ key }) => key}
      chosen={selected}
      onChoose={on.onSelect}
      onOpen={on.onOpen}
      onKey={onKey}
      scrolls
      lookOf={({ rule }) => classNames(styles.row, !rule.enabled && styles.off)}
      dataOf={({ rule }) => ({ 'data-rule': rule.name })}
    >
      {({ rule }, index) => (
        <>
          <span className={styles.place}>{index + 1}</span>
          <span className={styles.words}>
            <span className={classNames(styles.name, text.cut)}>
              {rule.name.trim() === '' ? t('triage.unnamed') : rule.name}
            </span>
            <span className={classNames(text.meta, text.cut)}>{ruleSummary(rule, t, nameOf)}</span>
          </span>
          {problems?.has(index) ? (
            <span className={styles.wrong} role="img" aria-label={t('triage.hasProblem')}>
              <Icon of={TriangleAlert} size={14} />
            </span>
          ) : (
            !rule.enabled && <Pill look="line">{t('triage.off')}</Pill>
          )}
        </>
      )}
    </SelectedRows>
  )
}
