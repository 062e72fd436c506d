import type { AppError, GetRulesOutput } from '@parley/contracts'
import type { TriageStep } from '@parley/domain'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useConnection, useDirectory, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { Check, FieldGroup, SelectField, TextField } from './fields.tsx'
import {
  type OrderDraft,
  type OrderProblems,
  fromOrderDraft,
  isSameOrder,
  moveStep,
  switchStep,
  toOrderDraft,
} from './order-draft.ts'
import styles from './order-panel.module.css'
import { SaveBar } from './save-bar.tsx'
import { withPresent } from './team-options.ts'
import { keepTriageDraft, useTriageDrafts } from './triage-drafts.ts'
import screen from './triage-screen.module.css'

const NO_TEAM = ''

interface OrderPanelProps {
  stored: GetRulesOutput
  isReadOnly: boolean
  readAgain: () => Promise<void>
}

/** Which steps are tried in which order, who gets what nothing places, and how long it may take. */
export function OrderPanel({ stored, isReadOnly, readAgain }: OrderPanelProps) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const order = useOrder(stored, readAgain)
  const { draft, problems, error, isBusy, isChanged, change } = order
  const theirs = error?.code === 'conflict' ? Number(error.details['version'] ?? 0) : null
  return (
    <form
      className={screen.panel}
      data-order-version={draft.basedOn}
      onSubmit={(event) => {
        event.preventDefault()
        void order.save()
      }}
    >
      <div className={screen.body}>
        <fieldset className={screen.form} disabled={isReadOnly || isBusy}>
          <section className={screen.group}>
            <FieldGroup
              label={t('triage.steps')}
              hint={t('triage.stepsHint')}
              problem={problems.steps && t('triage.problem.no_steps')}
            >
              <Steps draft={draft} isReadOnly={isReadOnly} onChange={change} />
            </FieldGroup>
          </section>
          <section className={screen.group}>
            <SelectField
              label={t('triage.fallback')}
              hint={t('triage.fallbackHint')}
              value={draft.fallbackTeamId ?? NO_TEAM}
              options={[
                { value: NO_TEAM, label: t('triage.fallbackNone') },
                ...(draft.fallbackTeamId === null
                  ? [...teams.values()].map(({ id, name }) => ({ value: id, label: name }))
                  : withPresent([...teams.values()], draft.fallbackTeamId, t('triage.goneTeam'))),
              ]}
              onChange={(id) => change({ ...draft, fallbackTeamId: id === NO_TEAM ? null : id })}
            />
            <TextField
              label={t('triage.overallLimit')}
              hint={t('triage.overallLimitHint')}
              problem={problems.limit && t('triage.problem.bad_limit')}
              value={draft.limit}
              maxLength={10}
              unit={t('unit.seconds')}
              isShort
              onChange={(limit) => change({ ...draft, limit })}
            />
          </section>
        </fieldset>
      </div>
      {!isReadOnly && (
        <SaveBar
          error={error}
          hasProblems={Object.keys(problems).length > 0}
          isChanged={isChanged}
          savedAt={order.savedAt}
        >
          {theirs === null ? (
            <>
              <Button look="line" disabled={!isChanged || isBusy} onClick={order.discard}>
                {t('triage.discard')}
              </Button>
              <Button type="submit" look="primary" disabled={!isChanged || isBusy || !isOnline}>
                {t('triage.save')}
              </Button>
            </>
          ) : (
            <>
              <Button
                look="line"
                disabled={isBusy || !isOnline}
                onClick={() => void order.save(theirs)}
              >
                {t('triage.saveMine')}
              </Button>
              <Button look="primary" disabled={isBusy} onClick={order.discard}>
                {t('triage.takeTheirs')}
              </Button>
            </>
          )}
        </SaveBar>
      )}
    </form>
  )
}

function Steps({
  draft,
  isReadOnly,
  onChange,
}: {
  draft: OrderDraft
  isReadOnly: boolean
  onChange: (draft: OrderDraft) => void
}) {
  const t = useTranslate()
  return (
    <ol className={styles.steps}>
      {draft.steps.map(({ step, isOn }, index) => (
        <li key={step} className={styles.step} data-step={step}>
          <span className={styles.place}>{index + 1}</span>
          <span className={text.grow}>
            <Check checked={isOn} onChange={(on) => onChange(switchStep(draft, step, on))}>
              {t(`triage.step.${step}`)}
            </Check>
            <span className={styles.words}>{t(`triage.stepWords.${step}`)}</span>
          </span>
          {!isReadOnly && (
            <StepButtons
              step={step}
              isFirst={index === 0}
              isLast={index === draft.steps.length - 1}
              onMove={(by) => onChange(moveStep(draft, step, by))}
            />
          )}
        </li>
      ))}
    </ol>
  )
}

function StepButtons({
  step,
  isFirst,
  isLast,
  onMove,
}: {
  step: TriageStep
  isFirst: boolean
  isLast: boolean
  onMove: (by: -1 | 1) => void
}) {
  const t = useTranslate()
  const name = t(`triage.step.${step}`)
  return (
    <>
      <IconButton
        label={t('triage.stepUp', { name })}
        disabled={isFirst}
        onClick={() => onMove(-1)}
      >
        <Icon of={ArrowUp} />
      </IconButton>
      <IconButton
        label={t('triage.stepDown', { name })}
        disabled={isLast}
        onClick={() => onMove(1)}
      >
        <Icon of={ArrowDown} />
      </IconButton>
    </>
  )
}

function useOrder(stored: GetRulesOutput, readAgain: () => Promise<void>) {
  const ask = useAsk()
  const me = useMe()
  const kept = useTriageDrafts(me.id).order
  const saved = toOrderDraft(stored.settings)
  const draft = kept ?? saved
  const [problems, setProblems] = useState<OrderProblems>({})
  const [error, setError] = useState<AppError | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const forget = () => {
    keepTriageDraft(me.id, 'order', undefined)
    setProblems({})
    setError(null)
  }
  return {
    draft,
    problems,
    error,
    isBusy,
    savedAt,
    isChanged: !isSameOrder(draft, saved),
    change(next: OrderDraft) {
      const isLeft = next.basedOn !== saved.basedOn || !isSameOrder(next, saved)
      keepTriageDraft(me.id, 'order', isLeft ? next : undefined)
      setProblems({})
      setSavedAt(null)
    },
    discard() {
      forget()
      void readAgain()
    },
    async save(basedOn = draft.basedOn) {
      const read = fromOrderDraft(draft)
      setProblems(read.problems ?? {})
      if (read.settings === null) return
      setBusy(true)
      const result = await ask('triage.saveSettings', { basedOn, settings: read.settings })
      if (result.ok) {
        await readAgain()
        forget()
        setSavedAt(Date.now())
      } else setError(result.error)
      setBusy(false)
    },
  }
}
