import { mayEver } from '@parley/domain'
import { Check, CircleAlert, Minus } from 'lucide-react'

import { useMe } from '../../bridge/views.ts'
import { type Translate } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { callWords } from './call-words.ts'
import { type ReadDecision, type ReadStep } from './decision.ts'
import styles from './triage-why.module.css'

/** Why triage chose this team: who decided, and what each step found. What a call took is for those who lead. */
export function TriageWhy({ decision }: { decision: ReadDecision }) {
  const t = useTranslate()
  const { role } = useMe()
  const { decidedBy, steps } = decision
  return (
    <div className={styles.why} data-triage-why={decidedBy}>
      {decidedBy && (
        <p className={styles.because}>
          <Icon of={Check} size={14} className={styles.ok} />
          <strong>{t(`triage.decidedBy.${decidedBy}`)}</strong>
        </p>
      )}
      <ul className={styles.steps}>
        {steps.map((step, index) => (
          <li key={index} className={styles.step}>
            <Icon of={ICONS[step.kind]} size={14} className={styles.icon} />
            <span>
              {stepWords(step, t).map((words) => (
                <span key={words} className={styles.line}>
                  {words}
                </span>
              ))}
              {'call' in step && step.call !== null && mayEver(role, 'triage.read') && (
                <span className={text.meta}>{callWords(step.call, t)}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
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
