import { ArrowDown, ArrowUp, Copy, ListFilter, Plus, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button, IconButton, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import fields from '../../ui/field.module.css'
import { isConflict, isUnsaved, theirVersion } from '../../ui/form/editing.ts'
import { Check } from '../../ui/form/fields.tsx'
import { Panel, PanelBody } from '../../ui/form/panel.tsx'
import { SaveBar, submit } from '../../ui/form/save-bar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import rows from '../../ui/selected-rows.module.css'
import { indexOfChosen } from '../../ui/selected-rows.tsx'
import text from '../../ui/text.module.css'
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
  const index = indexOfChosen(draft.entries, (one) => one.key, props.selected)
  const entry = draft.entries[index]
  const key = entry?.key ?? null
  useEffect(() => {
    if (toBeNamed.current === null || toBeNamed.current !== key) return
    toBeNamed.current = null
    focusName(editor.current)
  }, [key])
  useEffect(() => {
    // Moved on by keys it would go out of sight.
    document.getElementById(RULE_LIST_ID)?.children[index]?.scrollIntoView({ block: 'nearest' })
  }, [index])

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
    <Panel data-rules-version={editing.basedOn}>
      <div className={styles.columns}>
        <div className={styles.side}>
          {draft.entries.length === 0 ? (
            <div className={rows.scrolls}>
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
              <PanelBody>
                <Editor {...props} entry={entry} index={index} />
              </PanelBody>
            </>
          )}
        </div>
      </div>
      <OnlyRead>
        <span role="status">{said}</span>
      </OnlyRead>
      {!isReadOnly && <RulesSaveBar editing={editing} onShowTheirs={props.onShowTheirs} />}
    </Panel>
  )
}

/** Saving the rules as a new version: with a note for those who come later, and a look at who was faster. */
function RulesSaveBar({
  editing,
  onShowTheirs,
}: Pick<RulesPanelProps, 'editing' | 'onShowTheirs'>) {
  const t = useTranslate()
  const { draft, state } = editing
  return (
    <form onSubmit={submit}>
      <SaveBar editing={editing}>
        {isConflict(state) ? (
          <Button look="line" onClick={() => onShowTheirs(theirVersion(state))}>
            {t('triage.seeTheirs')}
          </Button>
        ) : (
          <input
            className={classNames(fields.input, styles.note)}
            value={draft.note}
            maxLength={500}
            disabled={!isUnsaved(state)}
            aria-label={t('triage.note')}
            placeholder={t('triage.note')}
            onChange={(event) => editing.change({ ...draft, note: event.target.value })}
          />
        )}
      </SaveBar>
    </form>
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
