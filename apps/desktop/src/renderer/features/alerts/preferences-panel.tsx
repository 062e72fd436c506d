import { ALERT_CHANNELS, type AlertPreferences, CHOOSABLE_ALERT_KINDS } from '@parley/domain'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type Read, useReadAll } from '../../bridge/use-read.ts'
import { weekdayName } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import fields from '../../ui/field.module.css'
import { Field, FieldGroup } from '../../ui/field.tsx'
import { Check } from '../../ui/form/fields.tsx'
import { Fields, Group, Note } from '../../ui/form/panel.tsx'
import { SaveForm } from '../../ui/form/save-bar.tsx'
import { useEditing } from '../../ui/form/use-editing.ts'
import { OnlyRead } from '../../ui/only-read.tsx'
import { Segments } from '../../ui/segments.tsx'
import { TimeInput } from '../../ui/time-input.tsx'
import { TimeZoneInput } from '../../ui/time-zone-input.tsx'
import { WhenRead } from '../../ui/when-read.tsx'
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
  const read = useReadAll('alerts.preferences')
  return (
    <WhenRead read={read} failed={t('alertPrefs.failed')}>
      {(value) => <PreferencesForm read={read} stored={value} />}
    </WhenRead>
  )
}

function PreferencesForm({
  read,
  stored,
}: {
  read: Read<AlertPreferences>
  stored: AlertPreferences
}) {
  const t = useTranslate()
  const ask = useAsk()
  const editing = useEditing({
    subject: { screen: 'alerts', part: 'preferences' },
    // Nobody else has them: there is no version to be faster than.
    stored: { draft: toPreferencesDraft(stored), version: 0 },
    read: fromPreferencesDraft,
    send: (preferences) => ask('alerts.savePreferences', { preferences: wire(preferences) }),
    take: () => 0,
    readAgain: read.readAgain,
  })
  const { draft } = editing
  const change = (next: Partial<PreferencesDraft>) => editing.change({ ...draft, ...next })
  return (
    <SaveForm editing={editing}>
      <Fields>
        <Note>{t('alertPrefs.escalations')}</Note>
        {CHOOSABLE_ALERT_KINDS.map((kind) => (
          <Group key={kind} heading={t(`alerts.open.${kind}`)}>
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
              <Check
                name={`${kind}-sound`}
                checked={draft[kind].sound}
                disabled={draft[kind].channel !== 'system'}
                onChange={(sound) => change({ [kind]: { ...draft[kind], sound } })}
              >
                {t('alertPrefs.sound')}
              </Check>
            </div>
            <p className={fields.words}>{t(`alertPrefs.hint.${draft[kind].channel}`)}</p>
          </Group>
        ))}
        <Group heading={t('alertPrefs.quiet')}>
          <Check name="quiet" checked={draft.isQuiet} onChange={(isQuiet) => change({ isQuiet })}>
            {t('alertPrefs.quietOn')}
          </Check>
          {draft.isQuiet && (
            <QuietFields
              quiet={draft.quiet}
              problem={editing.problems?.quiet ?? null}
              onChange={(quiet) => change({ quiet })}
            />
          )}
        </Group>
      </Fields>
    </SaveForm>
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
        : [...quiet.days, day].toSorted(),
    })
  return (
    <>
      <FieldGroup
        label={t('alertPrefs.days')}
        hint={t('alertPrefs.daysHint')}
        problem={words('days')}
      >
        <span className={styles.days}>
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
      </FieldGroup>
      <Field label={t('alertPrefs.from')} problem={words('from', 'to', 'same')}>
        {({ id, ...ofBoth }) => (
          <>
            <TimeInput
              {...ofBoth}
              id={id}
              value={quiet.from}
              data-field="quiet-from"
              onChange={(from) => onChange({ ...quiet, from })}
            />
            {t('alertPrefs.to')}
            <TimeInput
              {...ofBoth}
              value={quiet.to}
              data-field="quiet-to"
              aria-label={t('alertPrefs.until')}
              onChange={(to) => onChange({ ...quiet, to })}
            />
          </>
        )}
      </Field>
      <Field label={t('hours.timeZone')} problem={words('timeZone')}>
        {(ids) => (
          <TimeZoneInput
            {...ids}
            value={quiet.timeZone}
            data-field="quiet-zone"
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
