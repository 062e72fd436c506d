import { ALERT_CHANNELS, type AlertPreferences, CHOOSABLE_ALERT_KINDS } from '@parley/domain'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type Words, errorWords } from '../../bridge/error-words.ts'
import { useIsSlow, useReadAll } from '../../bridge/use-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { clockTime, weekdayName } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { FailedBlank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import { Segments } from '../../ui/segments.tsx'
import text from '../../ui/text.module.css'
import { TimeInput } from '../../ui/time-input.tsx'
import { TimeZoneInput } from '../../ui/time-zone-input.tsx'
import { ListSkeleton } from '../../ui/list-skeleton.tsx'
import {
  type PreferencesDraft,
  type QuietProblem,
  fromPreferencesDraft,
  toPreferencesDraft,
} from './preferences-draft.ts'
import styles from './preferences-panel.module.css'

/** How one is told of each kind, and when one is left alone. */
export function PreferencesPanel() {
  const t = useTranslate()
  const { value, error, readAgain } = useReadAll('alerts.preferences')
  const slow = useIsSlow(value === undefined && error === null)
  if (value !== undefined) return <Editor stored={value} />
  if (error === null) return slow && <ListSkeleton />
  return <FailedBlank title={t('alertPrefs.failed')} error={error} onRetry={readAgain} />
}

function Editor({ stored }: { stored: AlertPreferences }) {
  const t = useTranslate()
  const ask = useAsk()
  const { people } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const [kept, setKept] = useState<PreferencesDraft | null>(null)
  const [problem, setProblem] = useState<QuietProblem | null>(null)
  const [failed, setFailed] = useState<Words | null>(null)
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  const draft = kept ?? toPreferencesDraft(stored)
  const change = (next: Partial<PreferencesDraft>) => {
    setKept({ ...draft, ...next })
    setSavedAt(null)
  }
  const start = () => {
    setKept(null)
    setProblem(null)
    setFailed(null)
  }
  const save = async () => {
    const read = fromPreferencesDraft(draft)
    setProblem(read.problem)
    if (read.preferences === null) return
    setBusy(true)
    const result = await ask('alerts.savePreferences', { preferences: wire(read.preferences) })
    setBusy(false)
    if (!result.ok) return setFailed(errorWords(result.error, t, people))
    start()
    setSavedAt(Date.now())
  }
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div className={styles.body}>
        <p className={styles.note}>{t('alertPrefs.escalations')}</p>
        {CHOOSABLE_ALERT_KINDS.map((kind) => (
          <section key={kind} className={styles.group}>
            <h2 className={styles.heading}>{t(`alerts.open.${kind}`)}</h2>
            <div className={styles.row}>
              <Segments
                label={t('alertPrefs.channelOf', { kind: t(`alerts.open.${kind}`) })}
                value={draft[kind].channel}
                options={ALERT_CHANNELS.map((value) => ({
                  value,
                  label: t(`alertPrefs.channel.${value}`),
                }))}
                onChange={(channel) => change({ [kind]: { ...draft[kind], channel } })}
              />
              <label className={styles.check}>
                <input
                  type="checkbox"
                  checked={draft[kind].sound}
                  disabled={draft[kind].channel !== 'system'}
                  data-field={`${kind}-sound`}
                  onChange={({ target }) =>
                    change({ [kind]: { ...draft[kind], sound: target.checked } })
                  }
                />
                {t('alertPrefs.sound')}
              </label>
            </div>
            <p className={styles.hint}>{t(`alertPrefs.hint.${draft[kind].channel}`)}</p>
          </section>
        ))}
        <section className={styles.group}>
          <h2 className={styles.heading}>{t('alertPrefs.quiet')}</h2>
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={draft.isQuiet}
              data-field="quiet"
              onChange={({ target }) => change({ isQuiet: target.checked })}
            />
            {t('alertPrefs.quietOn')}
          </label>
          {draft.isQuiet && (
            <QuietFields
              quiet={draft.quiet}
              problem={problem}
              onChange={(quiet) => change({ quiet })}
            />
          )}
        </section>
      </div>
      <footer className={styles.foot}>
        {failed ? (
          <p className={styles.failed} role="alert">
            <strong>{failed.title}</strong> {failed.detail}
          </p>
        ) : (
          <p className={text.meta} role="status">
            {problem !== null
              ? t('routing.hasProblems')
              : !isOnline
                ? t('routing.offline')
                : savedAt !== null
                  ? t('routing.savedAt', { at: clockTime(savedAt) })
                  : kept !== null
                    ? t('routing.unsaved')
                    : ''}
          </p>
        )}
        <span className={text.grow} />
        <Button look="line" disabled={kept === null || busy} onClick={start}>
          {t('routing.discard')}
        </Button>
        <Button type="submit" look="primary" disabled={kept === null || busy || !isOnline}>
          {t('routing.save')}
        </Button>
      </footer>
    </form>
  )
}

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const

function QuietFields({
  quiet,
  problem,
  onChange,
}: {
  quiet: PreferencesDraft['quiet']
  problem: QuietProblem | null
  onChange: (quiet: PreferencesDraft['quiet']) => void
}) {
  const t = useTranslate()
  const language = useLanguage()
  const words = (...of: QuietProblem[]) =>
    problem !== null && of.includes(problem) ? t(`alertPrefs.problem.${problem}`) : undefined
  const toggle = (day: number) =>
    onChange({
      ...quiet,
      days: quiet.days.includes(day)
        ? quiet.days.filter((other) => other !== day)
        : [...quiet.days, day],
    })
  return (
    <>
      <Field label={t('alertPrefs.days')} hint={t('alertPrefs.daysHint')} problem={words('days')}>
        {({ id, describedBy }) => (
          <span className={styles.days} id={id} role="group" aria-describedby={describedBy}>
            {DAYS.map((day) => (
              <Button
                key={day}
                size="small"
                look="line"
                aria-pressed={quiet.days.includes(day)}
                onClick={() => toggle(day)}
              >
                <span aria-hidden="true">{weekdayName(day, 'short', language)}</span>
                <OnlyRead>{weekdayName(day, 'long', language)}</OnlyRead>
              </Button>
            ))}
          </span>
        )}
      </Field>
      <Field label={t('alertPrefs.from')} problem={words('from', 'to', 'same')}>
        {({ id, describedBy }) => (
          <>
            <TimeInput
              id={id}
              value={quiet.from}
              data-field="quiet-from"
              aria-describedby={describedBy}
              onChange={(from) => onChange({ ...quiet, from })}
            />
            {t('alertPrefs.to')}
            <TimeInput
              value={quiet.to}
              data-field="quiet-to"
              aria-label={t('alertPrefs.until')}
              aria-describedby={describedBy}
              onChange={(to) => onChange({ ...quiet, to })}
            />
          </>
        )}
      </Field>
      <Field label={t('hours.timeZone')} problem={words('timeZone')}>
        {({ id, describedBy }) => (
          <TimeZoneInput
            id={id}
            value={quiet.timeZone}
            data-field="quiet-zone"
            aria-describedby={describedBy}
            onChange={(timeZone) => onChange({ ...quiet, timeZone })}
          />
        )}
      </Field>
    </>
  )
}

/** The wire's lists can be changed by whoever reads them; ours cannot. */
const wire = ({ quiet, ...rest }: AlertPreferences) => ({
  ...rest,
  quiet: quiet && { ...quiet, days: [...quiet.days] },
})
