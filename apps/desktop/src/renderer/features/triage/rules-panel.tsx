import { ArrowDown, ArrowUp, Copy, ListFilter, Plus, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button, IconButton, LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import text from '../../ui/text.module.css'
import { Check } from './fields.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { RULE_LIST_ID, RuleList } from './rule-list.tsx'
import { problemsAt } from './rule-problems.ts'
import {
  addRule,
  bringBack,
  changeRule,
  duplicateRule,
  moveRule,
  neighbourOf,
  removeRule,
} from './rules-draft.ts'
import styles from './rules-panel.module.css'
import { RulesSaveBar } from './rules-save-bar.tsx'
import { type RulesEditing } from './use-rules.ts'

const MAXIMUM_RULES = 500

interface RulesPanelProps {
  editing: RulesEditing
  isReadOnly: boolean
  selected: string | null
  onSelect: (key: string | null) => void
  onShowTheirs: (version: number) => void
}

/** The rules in their order, and the one that is chosen, open beside them. */
export function RulesPanel(props: RulesPanelProps) {
  const { editing, isReadOnly, onSelect } = props
  const t = useTranslate()
  const { draft, change } = editing
  const [said, setSaid] = useState('')
  const editor = useRef<HTMLDivElement>(null)
  /** A new rule goes to its name as soon as it is drawn. */
  const toBeNamed = useRef<string | null>(null)
  const index = Math.max(
    0,
    draft.entries.findIndex(({ key }) => key === props.selected),
  )
  const entry = draft.entries[index]
  const key = entry?.key ?? null
  useEffect(() => {
    if (toBeNamed.current === null || toBeNamed.current !== key) return
    toBeNamed.current = null
    focusName(editor.current)
  }, [key])

  const add = () => {
    const created = crypto.randomUUID()
    change(addRule(draft, created))
    onSelect(created)
    toBeNamed.current = created
  }
  const move = (by: -1 | 1) => {
    if (entry === undefined) return
    const moved = moveRule(draft, entry.key, by)
    if (moved === draft) return
    change(moved)
    onSelect(entry.key)
    setSaid(
      t('triage.movedTo', {
        name: entry.rule.name,
        place: index + by + 1,
        count: draft.entries.length,
      }),
    )
  }
  const duplicate = () => {
    if (entry === undefined) return
    const copy = { key: crypto.randomUUID(), name: t('triage.copyOf', { name: entry.rule.name }) }
    change(duplicateRule(draft, entry.key, { ...copy, name: copy.name.slice(0, 110) }))
    onSelect(copy.key)
  }
  const remove = () => {
    if (entry === undefined) return
    onSelect(neighbourOf(draft, entry.key))
    change(removeRule(draft, entry.key))
    document.getElementById(RULE_LIST_ID)?.focus()
  }
  const undo = () => {
    onSelect(draft.removed?.entry.key ?? null)
    change(bringBack(draft))
    document.getElementById(RULE_LIST_ID)?.focus()
  }
  const switchIt = () => {
    if (entry) change(changeRule(draft, entry.key, { enabled: !entry.rule.enabled }))
  }
  return (
    <div className={styles.panel} data-rules-version={draft.basedOn}>
      <div className={styles.columns}>
        <div className={styles.side}>
          {draft.entries.length === 0 ? (
            <div className={styles.list}>
              <Blank icon={ListFilter} title={t('triage.noRules')}>
                {t('triage.noRulesWords')}
              </Blank>
            </div>
          ) : (
            <RuleList
              entries={draft.entries}
              selected={key}
              problems={editing.problems}
              isReadOnly={isReadOnly}
              onSelect={onSelect}
              onMove={move}
              onSwitch={switchIt}
              onRemove={remove}
              onOpen={() => focusName(editor.current)}
            />
          )}
          {!isReadOnly && (
            <div className={styles.sideFoot}>
              <Button look="line" onClick={add} disabled={draft.entries.length >= MAXIMUM_RULES}>
                <Icon of={Plus} size={14} />
                {t('triage.newRule')}
              </Button>
              <p className={styles.removed} role="status">
                {draft.removed !== null && (
                  <>
                    <span className={text.cut}>
                      {t('triage.removed', { name: draft.removed.entry.rule.name })}
                    </span>
                    <LinkButton onClick={undo}>{t('triage.undo')}</LinkButton>
                  </>
                )}
              </p>
            </div>
          )}
        </div>
        <div className={styles.main} ref={editor}>
          {entry === undefined ? (
            <p className={styles.choose}>{t('triage.orderWords')}</p>
          ) : (
            <>
              <div className={styles.tools}>
                <span className={text.meta}>
                  {t('triage.placeOf', { place: index + 1, count: draft.entries.length })}
                </span>
                <span className={text.grow} />
                <Check checked={entry.rule.enabled} disabled={isReadOnly} onChange={switchIt}>
                  {t('triage.enabled')}
                </Check>
                {!isReadOnly && (
                  <>
                    <IconButton
                      label={t('command.triage.ruleUp')}
                      keysOf="triage.ruleUp"
                      disabled={index === 0}
                      onClick={() => move(-1)}
                    >
                      <Icon of={ArrowUp} />
                    </IconButton>
                    <IconButton
                      label={t('command.triage.ruleDown')}
                      keysOf="triage.ruleDown"
                      disabled={index === draft.entries.length - 1}
                      onClick={() => move(1)}
                    >
                      <Icon of={ArrowDown} />
                    </IconButton>
                    <IconButton label={t('triage.duplicate')} onClick={duplicate}>
                      <Icon of={Copy} />
                    </IconButton>
                    <IconButton
                      label={t('command.triage.ruleRemove')}
                      keysOf="triage.ruleRemove"
                      onClick={remove}
                    >
                      <Icon of={Trash2} />
                    </IconButton>
                  </>
                )}
              </div>
              <div className={styles.body}>
                <Editor {...props} entry={entry} index={index} />
              </div>
            </>
          )}
        </div>
      </div>
      <OnlyRead>
        <span role="status">{said}</span>
      </OnlyRead>
      {!isReadOnly && <RulesSaveBar editing={editing} onShowTheirs={props.onShowTheirs} />}
    </div>
  )
}

const focusName = (editor: HTMLElement | null) =>
  editor?.querySelector<HTMLInputElement>('input:not([type="checkbox"])')?.focus()

function Editor({
  editing,
  isReadOnly,
  entry,
  index,
}: RulesPanelProps & { entry: RulesEditing['draft']['entries'][number]; index: number }) {
  const { teams } = useDirectory()
  return (
    <RuleEditor
      key={entry.key}
      rule={entry.rule}
      problems={problemsAt(editing.problems, index)}
      teams={[...teams.values()]}
      isReadOnly={isReadOnly}
      onChange={(change) => editing.change(changeRule(editing.draft, entry.key, change))}
    />
  )
}
