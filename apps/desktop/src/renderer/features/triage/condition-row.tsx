import type { TeamView } from '@parley/contracts'
import { CHANNELS, type FieldTest, LANGUAGES, type TriageCondition } from '@parley/domain'
import { X } from 'lucide-react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Select } from '../../ui/form/fields.tsx'
import { Icon } from '../../ui/icon.tsx'
import fields from '../../ui/field.module.css'
import { PhraseInput } from './phrase-input.tsx'
import styles from './rule-editor.module.css'
import { type FieldProblems, problemIn } from './rule-problems.ts'
import { CONDITION_KINDS, newCondition } from './rules-draft.ts'
import { withPresent } from './team-options.ts'

const MAXIMUM_WORDS = 200
const TESTS = ['equals', 'contains', 'exists'] as const
const CUSTOMERS = ['first_time', 'returning'] as const
const HOURS = ['open', 'closed'] as const

interface ConditionRowProps {
  condition: TriageCondition
  /** Where it stands in the rule: `conditions.any.0`. */
  place: string
  problems: FieldProblems
  teams: readonly TeamView[]
  disabled: boolean
  onChange: (condition: TriageCondition) => void
  onRemove: () => void
}

/** One condition: what kind it is, what it asks for, and what is wrong with that. */
export function ConditionRow(props: ConditionRowProps) {
  const { condition, place, problems, teams, disabled, onChange, onRemove } = props
  const t = useTranslate()
  const problem = problemIn(problems, place)
  return (
    <li className={styles.condition} data-condition={place}>
      <Select
        aria-label={t('triage.conditionKind')}
        value={condition.kind}
        options={CONDITION_KINDS.map((value) => ({
          value,
          label: t(`triage.condition.${value}`),
        }))}
        onChange={(kind) => onChange(newCondition(kind, teams[0]?.id ?? ''))}
      />
      <div className={styles.asked}>
        <Asked {...props} />
      </div>
      {disabled ? (
        <span />
      ) : (
        <IconButton label={t('triage.removeCondition')} onClick={onRemove}>
          <Icon of={X} size={14} />
        </IconButton>
      )}
      {problem && (
        <p className={styles.conditionWords} role="alert">
          {t(`triage.problem.${problem}`)}
        </p>
      )}
    </li>
  )
}

function Asked({ condition, place, problems, teams, disabled, onChange }: ConditionRowProps) {
  const t = useTranslate()
  switch (condition.kind) {
    case 'text_contains':
      return (
        <PhraseInput
          label={t('triage.condition.text_contains')}
          words={condition.words}
          maximum={MAXIMUM_WORDS}
          isWrong={problemIn(problems, `${place}.words`) !== undefined}
          isWordWrong={(index) => problemIn(problems, `${place}.words.${index}`) !== undefined}
          disabled={disabled}
          onChange={(words) => onChange({ ...condition, words })}
        />
      )
    case 'language_is':
      return (
        <Select
          aria-label={t('triage.condition.language_is')}
          value={condition.language}
          options={LANGUAGES.map((value) => ({ value, label: t(`triage.language.${value}`) }))}
          onChange={(language) => onChange({ ...condition, language })}
        />
      )
    case 'channel_is':
      return (
        <Select
          aria-label={t('triage.condition.channel_is')}
          value={condition.channel}
          options={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
          onChange={(channel) => onChange({ ...condition, channel })}
        />
      )
    case 'customer_is':
      return (
        <Select
          aria-label={t('triage.condition.customer_is')}
          value={condition.customer}
          options={CUSTOMERS.map((value) => ({ value, label: t(`triage.customer.${value}`) }))}
          onChange={(customer) => onChange({ ...condition, customer })}
        />
      )
    case 'customer_name':
      return (
        <TestInput
          test={condition.test}
          isWrong={problemIn(problems, `${place}.test`) !== undefined}
          onChange={(test) => onChange({ ...condition, test })}
        />
      )
    case 'customer_metadata':
      return (
        <>
          <input
            className={classNames(fields.input, styles.key)}
            value={condition.key}
            maxLength={100}
            aria-label={t('triage.fieldName')}
            aria-invalid={problemIn(problems, `${place}.key`) !== undefined}
            placeholder={t('triage.fieldName')}
            onChange={(event) => onChange({ ...condition, key: event.target.value })}
          />
          <TestInput
            test={condition.test}
            isWrong={problemIn(problems, `${place}.test`) !== undefined}
            onChange={(test) => onChange({ ...condition, test })}
          />
        </>
      )
    case 'business_hours':
      return (
        <>
          <Select
            aria-label={t('triage.team')}
            aria-invalid={problemIn(problems, `${place}.teamId`) !== undefined}
            value={condition.teamId}
            options={withPresent(teams, condition.teamId, t('triage.goneTeam'))}
            onChange={(teamId) => onChange({ ...condition, teamId })}
          />
          <Select
            aria-label={t('triage.condition.business_hours')}
            value={condition.state}
            options={HOURS.map((value) => ({ value, label: t(`triage.hours.${value}`) }))}
            onChange={(state) => onChange({ ...condition, state })}
          />
        </>
      )
  }
}

function TestInput({
  test,
  isWrong,
  onChange,
}: {
  test: FieldTest
  isWrong: boolean
  onChange: (test: FieldTest) => void
}) {
  const t = useTranslate()
  const value = test.is === 'exists' ? '' : test.value
  return (
    <>
      <Select
        aria-label={t('triage.testKind')}
        value={test.is}
        options={TESTS.map((is) => ({ value: is, label: t(`triage.test.${is}`) }))}
        onChange={(is) => onChange(is === 'exists' ? { is } : { is, value })}
      />
      {test.is !== 'exists' && (
        <input
          className={classNames(fields.input, styles.value)}
          value={value}
          maxLength={200}
          aria-label={t('triage.testValue')}
          aria-invalid={isWrong}
          placeholder={t('triage.testValue')}
          onChange={(event) => onChange({ is: test.is, value: event.target.value })}
        />
      )}
    </>
  )
}
