import { TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'

import { isPressOf } from '../../app/keys.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import text from '../../ui/text.module.css'
import { type RuleProblems } from './rule-problems.ts'
import { ruleSummary } from './rule-words.ts'
import { type RuleEntry } from './rules-draft.ts'
import styles from './rules-panel.module.css'

export const RULE_LIST_ID = 'triage-rules'
const optionId = (key: string) => `triage-rule-${key}`

interface RuleListProps {
  entries: readonly RuleEntry[]
  selected: string | null
  problems: RuleProblems
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
  const list = useRef<HTMLDivElement>(null)
  const position = entries.findIndex(({ key }) => key === selected)
  useEffect(() => {
    list.current?.children[position]?.scrollIntoView({ block: 'nearest' })
  }, [position])

  const step = (to: number) => {
    const entry = entries[Math.min(Math.max(to, 0), entries.length - 1)]
    if (entry) on.onSelect(entry.key)
  }
  const act = (event: KeyboardEvent): (() => void) | null => {
    if (!isReadOnly) {
      if (isPressOf('triage.ruleUp', event)) return () => on.onMove(-1)
      if (isPressOf('triage.ruleDown', event)) return () => on.onMove(1)
      if (isPressOf('triage.ruleSwitch', event)) return on.onSwitch
      if (isPressOf('triage.ruleRemove', event)) return on.onRemove
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return null
    switch (event.key) {
      case 'ArrowDown':
        return () => step(position + 1)
      case 'ArrowUp':
        return () => step(position - 1)
      case 'Home':
        return () => step(0)
      case 'End':
        return () => step(entries.length - 1)
      case 'Enter':
        return on.onOpen
      default:
        return null
    }
  }
  return (
    <div
      ref={list}
      id={RULE_LIST_ID}
      className={styles.list}
      role="listbox"
      tabIndex={0}
      aria-label={t('triage.rules')}
      aria-activedescendant={selected === null ? undefined : optionId(selected)}
      data-pane-focus
      onKeyDown={(event) => {
        const run = act(event)
        if (run === null) return
        event.preventDefault()
        event.stopPropagation()
        run()
      }}
    >
      {entries.map(({ key, rule }, index) => (
        <div
          key={key}
          id={optionId(key)}
          role="option"
          aria-selected={key === selected}
          className={classNames(styles.row, !rule.enabled && styles.off)}
          data-rule={rule.name}
          onClick={() => on.onSelect(key)}
        >
          <span className={styles.place}>{index + 1}</span>
          <span className={styles.words}>
            <span className={classNames(styles.name, text.cut)}>
              {rule.name.trim() === '' ? t('triage.unnamed') : rule.name}
            </span>
            <span className={classNames(text.meta, text.cut)}>{ruleSummary(rule, t, nameOf)}</span>
          </span>
          {problems.has(index) ? (
            <span className={styles.wrong} role="img" aria-label={t('triage.hasProblem')}>
              <Icon of={TriangleAlert} size={14} />
            </span>
          ) : (
            !rule.enabled && <Pill look="line">{t('triage.off')}</Pill>
          )}
        </div>
      ))}
    </div>
  )
}
