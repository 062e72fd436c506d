import type { TestModelOutput } from '@parley/contracts'
import { Check, CircleAlert } from 'lucide-react'
import { useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Fields, Group, Refusal } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import fields from '../../ui/field.module.css'
import { callWords } from './call-words.ts'
import styles from './model-panel.module.css'
import { resultWords } from './rule-words.ts'

/** Asks the stored model about a text. Nothing is decided by it, but the endpoint does see the text. */
export function ModelTest({ canTest, isChanged }: { canTest: boolean; isChanged: boolean }) {
  const t = useTranslate()
  const { ask, isBusy, error, forgetError } = useAsking()
  const [typed, setTyped] = useState('')
  const [outcome, setOutcome] = useState<TestModelOutput | null>(null)
  const run = async () => {
    forgetError()
    setOutcome(null)
    const result = await ask('triage.testModel', { text: typed })
    if (result.ok) setOutcome(result.value)
  }
  return (
    <Fields>
      <Group heading={t('triage.test.title')}>
        <textarea
          className={classNames(fields.input, styles.sample)}
          value={typed}
          rows={3}
          maxLength={4096}
          aria-label={t('triage.test.sample')}
          placeholder={t('triage.test.sample')}
          onChange={(event) => setTyped(event.target.value)}
        />
        <div className={styles.run}>
          <Button
            look="line"
            disabled={!canTest || isBusy || typed.trim() === ''}
            onClick={() => void run()}
          >
            {t('triage.test.run')}
          </Button>
          <span role="status" className={text.meta}>
            {isBusy
              ? t('triage.test.busy')
              : !canTest
                ? t('triage.test.saveFirst')
                : isChanged
                  ? t('triage.test.stored')
                  : ''}
          </span>
        </div>
        <div aria-live="polite" aria-busy={isBusy}>
          {error && <Refusal error={error} />}
          {outcome && <Outcome outcome={outcome} />}
        </div>
      </Group>
    </Fields>
  )
}

function Outcome({ outcome }: { outcome: TestModelOutput }) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const call = outcome.call === null ? '' : callWords(outcome.call, t)
  if (!outcome.ok)
    return (
      <div className={styles.outcome} data-model-test={outcome.failure}>
        <p className={styles.verdict}>
          <Icon of={CircleAlert} className={styles.not} />
          <strong>{t(`triage.failure.${outcome.failure}`)}</strong>
        </p>
        <p className={styles.detail}>{outcome.detail}</p>
        {call !== '' && <p className={text.meta}>{call}</p>}
      </div>
    )
  const nameOf = (id: string) => teams.get(id)?.name ?? t('triage.goneTeam')
  return (
    <div className={styles.outcome} data-model-test="ok">
      <p className={styles.verdict}>
        <Icon of={Check} className={styles.ok} />
        <strong>{resultWords(outcome, t, nameOf)}</strong>
      </p>
      {outcome.reason !== '' && <p>{t('quoted', { text: outcome.reason })}</p>}
      <p className={text.meta}>{call}</p>
    </div>
  )
}
