import type { TeamView } from '@parley/contracts'
import {
  PRIORITIES,
  type RuleProblemCode,
  type TriageCondition,
  type TriageRule,
} from '@parley/domain'
import { Plus } from 'lucide-react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldGroup } from '../../ui/field.tsx'
import { SegmentsField, SelectField, TextField } from '../../ui/form/fields.tsx'
import { Fields, Group, Problem } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { ConditionRow } from './condition-row.tsx'
import styles from './rule-editor.module.css'
import { type FieldProblems, problemIn } from './rule-problems.ts'
import { newCondition } from './rules-draft.ts'
import { SkillLevels } from './skill-levels.tsx'
import { withPresent } from './team-options.ts'

const MAXIMUM_CONDITIONS = 20
const AS_IT_IS = ''

interface RuleEditorProps {
  rule: TriageRule
  problems: FieldProblems
  teams: readonly TeamView[]
  isReadOnly: boolean
  onChange: (change: Partial<TriageRule>) => void
}

/** One rule: when it holds, what follows, and whether the next ones are asked. */
export function RuleEditor({ rule, problems, teams, isReadOnly, onChange }: RuleEditorProps) {
  const t = useTranslate()
  const words = (code: RuleProblemCode | undefined) =>
    code === undefined ? undefined : t(`triage.problem.${code}`)
  const { result, conditions } = rule
  const setResult = (change: Partial<TriageRule['result']>) =>
    onChange({ result: { ...result, ...change } })
  const setConditions = (group: 'all' | 'any', next: TriageCondition[]) =>
    onChange({ conditions: { ...conditions, [group]: next } })
  const none = problems.get('conditions')
  const noResult = problems.get('result')
  return (
    <Fields isReadOnly={isReadOnly}>
      <Group>
        <TextField
          label={t('triage.ruleName')}
          value={rule.name}
          maxLength={120}
          problem={words(problemIn(problems, 'name'))}
          onChange={(name) => onChange({ name })}
        />
      </Group>
      <Group heading={t('triage.when')}>
        {none && <Problem>{words(none)}</Problem>}
        {(['all', 'any'] as const).map((group) => (
          <Conditions
            key={group}
            group={group}
            conditions={conditions[group]}
            problems={problems}
            teams={teams}
            isReadOnly={isReadOnly}
            onChange={(next) => setConditions(group, next)}
          />
        ))}
      </Group>
      <Group heading={t('triage.then')}>
        {noResult && <Problem>{words(noResult)}</Problem>}
        <SelectField
          label={t('triage.team')}
          value={result.teamId ?? AS_IT_IS}
          options={[
            { value: AS_IT_IS, label: t('triage.asItIs') },
            ...withPresent(teams, result.teamId, t('triage.goneTeam')),
          ]}
          problem={words(problemIn(problems, 'result.teamId'))}
          onChange={(teamId) => setResult({ teamId: teamId === AS_IT_IS ? null : teamId })}
        />
        <SelectField
          label={t('triage.priority')}
          value={result.priority ?? AS_IT_IS}
          options={[
            { value: AS_IT_IS, label: t('triage.asItIs') },
            ...PRIORITIES.toReversed().map((value) => ({ value, label: t(`priority.${value}`) })),
          ]}
          onChange={(priority) => setResult({ priority: priority === AS_IT_IS ? null : priority })}
        />
        <FieldGroup
          label={t('triage.skills')}
          hint={t('triage.skillsHint')}
          problem={words(problemIn(problems, 'result.skills'))}
        >
          <SkillLevels
            skills={result.skills}
            disabled={isReadOnly}
            onChange={(skills) => setResult({ skills })}
          />
        </FieldGroup>
        <SegmentsField
          label={t('triage.afterwards')}
          hint={t(`triage.afterwardsHint.${rule.afterwards}`)}
          value={rule.afterwards}
          options={(['stop', 'continue'] as const).map((value) => ({
            value,
            label: t(`triage.afterwards.${value}`),
          }))}
          onChange={(afterwards) => onChange({ afterwards })}
        />
      </Group>
    </Fields>
  )
}

function Conditions({
  group,
  conditions,
  problems,
  teams,
  isReadOnly,
  onChange,
}: {
  group: 'all' | 'any'
  conditions: readonly TriageCondition[]
  problems: FieldProblems
  teams: readonly TeamView[]
  isReadOnly: boolean
  onChange: (conditions: TriageCondition[]) => void
}) {
  const t = useTranslate()
  return (
    <div role="group" aria-label={t(`triage.${group}`)} className={styles.conditions}>
      <div className={styles.conditionsHead}>
        <h3 className={styles.subheading}>{t(`triage.${group}`)}</h3>
        <span className={text.grow} />
        {!isReadOnly && conditions.length < MAXIMUM_CONDITIONS && (
          <Button
            look="quiet"
            size="small"
            onClick={() => onChange([...conditions, newCondition('text_contains', '')])}
          >
            <Icon of={Plus} size={14} />
            {t('triage.addCondition')}
          </Button>
        )}
      </div>
      {conditions.length > 0 && (
        <ul>
          {conditions.map((condition, index) => (
            <ConditionRow
              key={index}
              condition={condition}
              place={`conditions.${group}.${index}`}
              problems={problems}
              teams={teams}
              disabled={isReadOnly}
              onChange={(next) => onChange(conditions.with(index, next))}
              onRemove={() => onChange(conditions.toSpliced(index, 1))}
            />
          ))}
        </ul>
      )}
    </div>
  )
}
