import { type Priority, WARN_LEADS } from '@parley/domain'
import { useId } from 'react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import fields from '../../ui/field.module.css'
import { Check, SelectField, TextField } from '../../ui/form/fields.tsx'
import { Fields, Group, Note } from '../../ui/form/panel.tsx'
import { PriorityIcon } from '../../ui/priority-glyph.tsx'
import text from '../../ui/text.module.css'
import {
  GOALS,
  type GoalKey,
  type GoalsDraft,
  type GoalsProblems,
  PRIORITIES_SHOWN,
  type PolicyDraft,
} from './goals-draft.ts'
import styles from './goals-form.module.css'

interface GoalsFormProps {
  draft: GoalsDraft
  problems: GoalsProblems
  isReadOnly: boolean
  onChange: (draft: GoalsDraft) => void
}

export function GoalsForm({ draft, problems, isReadOnly, onChange }: GoalsFormProps) {
  const t = useTranslate()
  const set = (change: Partial<GoalsDraft>) => onChange({ ...draft, ...change })
  const setPolicy = (priority: Priority, policy: PolicyDraft) =>
    set({ policies: { ...draft.policies, [priority]: policy } })
  return (
    <Fields isReadOnly={isReadOnly}>
      <Group heading={t('goals.policies')}>
        <Note>{t('goals.words')}</Note>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('triage.priority')}</th>
              {GOALS.map((goal) => (
                <th key={goal} scope="col">
                  {t(`goals.${goal}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PRIORITIES_SHOWN.map((priority) => (
              <PolicyRow
                key={priority}
                priority={priority}
                policy={draft.policies[priority]}
                problems={problems}
                onChange={(policy) => setPolicy(priority, policy)}
              />
            ))}
          </tbody>
        </table>
      </Group>
      <Group heading={t('goals.warnings')}>
        <TextField
          name="warningPercent"
          label={t('goals.warningPercent')}
          hint={t('goals.warningPercentHint')}
          problem={problems['warningPercent'] && t('goals.problem.percent')}
          value={draft.warningPercent}
          unit={t('goals.percentOfTime')}
          isShort
          maxLength={5}
          onChange={(warningPercent) => set({ warningPercent })}
        />
        <SelectField
          name="warnLeads"
          label={t('goals.warnLeads')}
          hint={t(`goals.warnLeadsHint.${draft.warnLeads}`)}
          value={draft.warnLeads}
          options={WARN_LEADS.map((value) => ({ value, label: t(`goals.warnLeads.${value}`) }))}
          onChange={(warnLeads) => set({ warnLeads })}
        />
      </Group>
      <Group heading={t('goals.pauses')}>
        <Check
          name="pausesOnCustomer"
          checked={draft.pausesOnCustomer}
          onChange={(pausesOnCustomer) => set({ pausesOnCustomer })}
        >
          {t('goals.pausesOnCustomer')}
        </Check>
      </Group>
    </Fields>
  )
}

function PolicyRow({
  priority,
  policy,
  problems,
  onChange,
}: {
  priority: Priority
  policy: PolicyDraft
  problems: GoalsProblems
  onChange: (policy: PolicyDraft) => void
}) {
  const t = useTranslate()
  return (
    <tr data-priority={priority}>
      <th scope="row">
        <Check
          name={`${priority}.isOn`}
          checked={policy.isOn}
          onChange={(isOn) => onChange({ ...policy, isOn })}
        >
          <PriorityIcon priority={priority} />
          {t(`priority.${priority}`)}
        </Check>
      </th>
      {policy.isOn ? (
        GOALS.map((goal) => (
          <td key={goal}>
            <GoalInput
              priority={priority}
              goal={goal}
              value={policy[goal]}
              problem={problems[`${priority}.${goal}`]}
              onChange={(typed) => onChange({ ...policy, [goal]: typed })}
            />
          </td>
        ))
      ) : (
        <td colSpan={GOALS.length} className={text.meta}>
          {t('goals.nothing')}
        </td>
      )}
    </tr>
  )
}

function GoalInput({
  priority,
  goal,
  value,
  problem,
  onChange,
}: {
  priority: Priority
  goal: GoalKey
  value: string
  problem: GoalsProblems[string]
  onChange: (typed: string) => void
}) {
  const t = useTranslate()
  const wordsId = useId()
  return (
    <span className={classNames(problem && fields.wrong)}>
      <input
        className={classNames(fields.input, styles.goal)}
        value={value}
        maxLength={40}
        placeholder={goal === 'escalation' ? t('goals.nobody') : '15 min'}
        data-field={`${priority}.${goal}`}
        aria-label={t('goals.of', {
          goal: t(`goals.${goal}`),
          priority: t(`priority.${priority}`),
        })}
        aria-describedby={wordsId}
        aria-invalid={problem !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <span id={wordsId} className={styles.problem} role={problem ? 'alert' : undefined}>
        {problem && t(`goals.problem.${problem}`)}
      </span>
    </span>
  )
}
