import { type Priority, WARN_LEADS } from '@parley/domain'
import { useId } from 'react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import fields from '../../ui/field.module.css'
import { Field } from '../../ui/field.tsx'
import { PriorityIcon } from '../../ui/priority-glyph.tsx'
import {
  GOALS,
  type GoalKey,
  type GoalsDraft,
  type GoalsProblems,
  PRIORITIES_SHOWN,
  type PolicyDraft,
} from './goals-draft.ts'
import styles from './goals-form.module.css'
import screen from './sla-screen.module.css'

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
    <fieldset className={screen.form} disabled={isReadOnly}>
      <section className={screen.group}>
        <h2 className={screen.heading}>{t('goals.policies')}</h2>
        <p className={screen.note}>{t('goals.words')}</p>
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
      </section>
      <section className={screen.group}>
        <h2 className={screen.heading}>{t('goals.warnings')}</h2>
        <Field
          label={t('goals.warningPercent')}
          hint={t('goals.warningPercentHint')}
          problem={problems['warningPercent'] && t('goals.problem.percent')}
        >
          {({ id, describedBy }) => (
            <>
              <input
                id={id}
                className={classNames(fields.input, fields.number)}
                inputMode="numeric"
                maxLength={5}
                data-field="warningPercent"
                aria-describedby={describedBy}
                aria-invalid={problems['warningPercent'] !== undefined}
                value={draft.warningPercent}
                onChange={({ target }) => set({ warningPercent: target.value })}
              />
              <span className={fields.unit}>{t('goals.percentOfTime')}</span>
            </>
          )}
        </Field>
        <Field label={t('goals.warnLeads')} hint={t(`goals.warnLeadsHint.${draft.warnLeads}`)}>
          {({ id, describedBy }) => (
            <select
              id={id}
              className={classNames(fields.input, fields.select)}
              data-field="warnLeads"
              aria-describedby={describedBy}
              value={draft.warnLeads}
              onChange={({ target }) => {
                const warnLeads = WARN_LEADS.find((one) => one === target.value)
                if (warnLeads) set({ warnLeads })
              }}
            >
              {WARN_LEADS.map((value) => (
                <option key={value} value={value}>
                  {t(`goals.warnLeads.${value}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </section>
      <section className={screen.group}>
        <h2 className={screen.heading}>{t('goals.pauses')}</h2>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={draft.pausesOnCustomer}
            data-field="pausesOnCustomer"
            onChange={({ target }) => set({ pausesOnCustomer: target.checked })}
          />
          {t('goals.pausesOnCustomer')}
        </label>
      </section>
    </fieldset>
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
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={policy.isOn}
            data-field={`${priority}.isOn`}
            onChange={({ target }) => onChange({ ...policy, isOn: target.checked })}
          />
          <PriorityIcon priority={priority} />
          {t(`priority.${priority}`)}
        </label>
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
        <td colSpan={GOALS.length} className={styles.none}>
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
