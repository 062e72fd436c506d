import { mayEver } from '@parley/domain'
import { Check, CircleAlert, Minus } from 'lucide-react'

import { useMe } from '../../bridge/views.ts'
import { type Translate } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Reason, ReasonLine, ReasonLines } from '../../ui/reason.tsx'
import text from '../../ui/text.module.css'
import { callWords } from './call-words.ts'
import { type ReadDecision, type ReadStep } from './decision.ts'

/** Why triage chose this team: who decided, and what each step found. What a call took is for those who lead. */
export function TriageWhy({ decision }: { decision: ReadDecision }) {
  const t = useTranslate()
  const { role } = useMe()
  const { decidedBy, steps } = decision
  return (
    <Reason because={decidedBy && t(`triage.decidedBy.${decidedBy}`)} data-triage-why={decidedBy}>
      <ReasonLines>
        {steps.map((step, index) => (
          <ReasonLine key={index} icon={ICONS[step.kind]}>
            {stepWords(step, t).map((words) => (
              <p key={words}>{words}</p>
            ))}
            {'call' in step && step.call !== null && mayEver(role, 'triage.read') && (
              <p className={text.meta}>{callWords(step.call, t)}</p>
            )}
          </ReasonLine>
        ))}
      </ReasonLines>
    </Reason>
  )
}

const ICONS = {
  rules: Check,
  model: Check,
  built_in: Check,
  model_failed: CircleAlert,
  skipped: Minus,
} as const satisfies Record<ReadStep['kind'], unknown>

function stepWords(step: ReadStep, t: Translate): string[] {
  switch (step.kind) {
    case 'rules':
      return step.rules.length === 0
        ? [t('triage.found.noRule')]
        : step.rules.map((rule) => ruleWords(rule, t))
    case 'model':
      return [
        step.reason === ''
          ? t('triage.step.model')
          : `${t('triage.step.model')}: ${t('quoted', { text: step.reason })}`,
      ]
    case 'model_failed':
      return [`${t('triage.step.model')}: ${t(`triage.failure.${step.because}`)}`]
    case 'built_in':
      return step.words.length === 0
        ? [t('triage.found.noWords')]
        : [t('triage.found.words', { words: quoted(step.words, t) })]
    case 'skipped':
      return [`${t(`triage.step.${step.step}`)}: ${t(`triage.skipped.${step.because}`)}`]
  }
}

function ruleWords(
  { name, words, customerFields }: { name: string; words: string[]; customerFields: string[] },
  t: Translate,
): string {
  const because = [
    words.length === 0 ? '' : t('triage.found.says', { words: quoted(words, t) }),
    customerFields.length === 0
      ? ''
      : t('triage.found.fields', { fields: customerFields.join(', ') }),
  ].filter((part) => part !== '')
  const rule = t('triage.found.rule', { name })
  return because.length === 0 ? rule : `${rule}: ${because.join('; ')}`
}

const quoted = (words: readonly string[], t: Translate) =>
  words.map((word) => t('quoted', { text: word })).join(', ')
