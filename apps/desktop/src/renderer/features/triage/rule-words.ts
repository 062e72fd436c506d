import type { TriageCondition, TriageRule } from '@parley/domain'

import { type Translate } from '../../i18n/translate.ts'
import { skillList } from '../../ui/skill-words.ts'

type NameOf = (teamId: string) => string

/** What the rule does, in one short line: «factura», «cobro» → Pagos, alta. */
export function ruleSummary(rule: TriageRule, t: Translate, nameOf: NameOf): string {
  const { all, any } = rule.conditions
  const conditions = [
    ...all.map((condition) => conditionWords(condition, t, nameOf)),
    ...(any.length === 0
      ? []
      : [any.map((condition) => conditionWords(condition, t, nameOf)).join(t('triage.or'))]),
  ].filter((words) => words !== '')
  const when = conditions.length === 0 ? t('triage.never') : conditions.join(', ')
  const result = resultWords(rule.result, t, nameOf)
  return result === '' ? when : `${when} → ${result}`
}

export function resultWords(result: TriageRule['result'], t: Translate, nameOf: NameOf): string {
  const { teamId, priority, skills } = result
  return [
    teamId === null ? '' : nameOf(teamId),
    priority === null ? '' : t(`priority.${priority}`).toLowerCase(),
    skillList(skills, t),
  ]
    .filter((words) => words !== '')
    .join(', ')
}

function conditionWords(condition: TriageCondition, t: Translate, nameOf: NameOf): string {
  switch (condition.kind) {
    case 'text_contains': {
      const [first, second] = condition.words
      const shown = [first, second].filter((word) => word !== undefined)
      const more = condition.words.length - shown.length
      const words = shown.map((text) => t('quoted', { text })).join(', ')
      return more > 0 ? `${words} +${more}` : words
    }
    case 'language_is':
      return t(`triage.language.${condition.language}`).toLowerCase()
    case 'channel_is':
      return t(`channel.${condition.channel}`)
    case 'customer_is':
      return t(`triage.customer.${condition.customer}`).toLowerCase()
    case 'customer_name':
      return testWords(t('triage.name').toLowerCase(), condition.test, t)
    case 'customer_metadata':
      return testWords(condition.key, condition.test, t)
    case 'business_hours':
      return `${nameOf(condition.teamId)}: ${t(`triage.hours.${condition.state}`).toLowerCase()}`
  }
}

type Test = Extract<TriageCondition, { kind: 'customer_name' }>['test']

function testWords(field: string, test: Test, t: Translate): string {
  const is = t(`triage.test.${test.is}`).toLowerCase()
  return test.is === 'exists'
    ? `${field} ${is}`
    : `${field} ${is} ${t('quoted', { text: test.value })}`
}
