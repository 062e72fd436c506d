import type { GetRulesOutput } from '@parley/contracts'
import type { TriageStep } from '@parley/domain'
import { ArrowDown, ArrowUp } from 'lucide-react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type ServerRead } from '../../bridge/use-server-read.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { FieldGroup } from '../../ui/field.tsx'
import { Check, SelectField, TextField } from '../../ui/form/fields.tsx'
import { Fields, Group } from '../../ui/form/panel.tsx'
import { SaveForm } from '../../ui/form/save-bar.tsx'
import { useEditing } from '../../ui/form/use-editing.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import {
  type OrderDraft,
  fromOrderDraft,
  isSameOrder,
  moveStep,
  switchStep,
  toOrderDraft,
} from './order-draft.ts'
import styles from './order-panel.module.css'
import { withPresent } from './team-options.ts'

const NO_TEAM = ''

interface OrderPanelProps {
  stored: GetRulesOutput
  isReadOnly: boolean
  readAgain: ServerRead<GetRulesOutput>['readAgain']
}

/** Which steps are tried in which order, who gets what nothing places, and how long it may take. */
export function OrderPanel({ stored, isReadOnly, readAgain }: OrderPanelProps) {
  const t = useTranslate()
  const ask = useAsk()
  const { teams } = useDirectory()
  const editing = useEditing({
    subject: { screen: 'triage', part: 'order' },
    stored: { draft: toOrderDraft(stored.settings), version: stored.settings.version },
    read: fromOrderDraft,
    isSame: isSameOrder,
    send: (settings, basedOn) => ask('triage.saveSettings', { basedOn, settings }),
    take: async ({ version }: { version: number }) => {
      await readAgain()
      return version
    },
    readAgain,
  })
  const { draft, problems, change } = editing
  return (
    <SaveForm editing={editing} isReadOnly={isReadOnly} data-order-version={editing.basedOn}>
      <Fields isReadOnly={isReadOnly}>
        <Group>
          <FieldGroup
            label={t('triage.steps')}
            hint={t('triage.stepsHint')}
            problem={problems?.steps && t('triage.problem.no_steps')}
          >
            <Steps draft={draft} isReadOnly={isReadOnly} onChange={change} />
          </FieldGroup>
        </Group>
        <Group>
          <SelectField
            label={t('triage.fallback')}
            hint={t('triage.fallbackHint')}
            value={draft.fallbackTeamId ?? NO_TEAM}
            options={[
              { value: NO_TEAM, label: t('triage.fallbackNone') },
              ...withPresent([...teams.values()], draft.fallbackTeamId, t('triage.goneTeam')),
            ]}
            onChange={(id) => change({ ...draft, fallbackTeamId: id === NO_TEAM ? null : id })}
          />
          <TextField
            label={t('triage.overallLimit')}
            hint={t('triage.overallLimitHint')}
            problem={problems?.limit && t('triage.problem.bad_limit')}
            value={draft.limit}
            maxLength={10}
            unit={t('unit.seconds')}
            isShort
            onChange={(limit) => change({ ...draft, limit })}
          />
        </Group>
      </Fields>
    </SaveForm>
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
