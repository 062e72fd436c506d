import type { DryRunOutput } from '@parley/contracts'
import { FlaskConical, Play } from 'lucide-react'
import { type ReactNode } from 'react'

import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { isUnsaved } from '../../ui/form/editing.ts'
import { Note, Panel, PanelBody, Problem, Refusal } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import text from '../../ui/text.module.css'
import styles from './trial-panel.module.css'
import { type TrialRow, barWidth, priorityRows, signed, teamRows } from './trial-rows.ts'
import { type RulesEditing } from './use-rules.ts'
import { TRIAL_DAYS, type Trial } from './use-trial.ts'

interface TrialPanelProps {
  trial: Trial
  editing: RulesEditing
  onShowRules: () => void
}

/** What the rules on the screen would have done with the conversations of the last days. Nothing is changed by it. */
export function TrialPanel({ trial, editing, onShowRules }: TrialPanelProps) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { result, error, isBusy } = trial
  const wrongRules = editing.problems?.size ?? 0
  return (
    <Panel>
      <PanelBody isBusy={isBusy}>
        <Note>{t(isUnsaved(editing.state) ? 'triage.trialUnsaved' : 'triage.trialSaved')}</Note>
        <div className={styles.run}>
          <Segments
            label={t('triage.trialPeriod')}
            value={trial.days}
            options={TRIAL_DAYS.map((value) => ({
              value,
              label: t('triage.trialDays', { days: value }),
            }))}
            onChange={trial.setDays}
          />
          <Button look="primary" disabled={isBusy || !isOnline} onClick={() => void trial.run()}>
            <Icon of={Play} size={14} />
            {t('triage.trialRun')}
          </Button>
          <span role="status" className={text.meta}>
            {isBusy ? t('triage.trialBusy') : trial.isOutdated ? t('triage.trialOutdated') : ''}
          </span>
        </div>
        {wrongRules > 0 && (
          <Problem>
            {t('triage.trialProblems', { count: wrongRules })}{' '}
            <LinkButton onClick={onShowRules}>{t('triage.showRules')}</LinkButton>
          </Problem>
        )}
        {error && <Refusal error={error} />}
        {result === null ? (
          <Blank icon={FlaskConical} title={t('triage.trialNone')}>
            {t('triage.trialNoneWords')}
          </Blank>
        ) : result.conversations === 0 ? (
          <Blank icon={FlaskConical} title={t('triage.trialEmpty')}>
            {t('triage.trialEmptyWords')}
          </Blank>
        ) : (
          <div className={classNames((isBusy || trial.isOutdated) && styles.outdated)}>
            <TrialResult result={result} />
          </div>
        )}
      </PanelBody>
    </Panel>
  )
}

function TrialResult({ result }: { result: DryRunOutput }) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const nameOf = (id: string) => teams.get(id)?.name ?? t('triage.goneTeam')
  return (
    <>
      <p className={styles.summary}>
        <strong>
          {t('triage.trialChanged', { changed: result.changed, count: result.conversations })}
        </strong>
      </p>
      <div className={styles.charts}>
        <Chart title={t('triage.byTeam')} rows={teamRows(result, nameOf)} wordsOf={nameOf} />
        <Chart
          title={t('triage.byPriority')}
          rows={priorityRows(result)}
          wordsOf={(priority) => t(`priority.${priority}`)}
        />
      </div>
      {result.examples.length > 0 && <Examples result={result} nameOf={nameOf} />}
    </>
  )
}

function Chart<Key extends string>({
  title,
  rows,
  wordsOf,
}: {
  title: string
  rows: readonly TrialRow<Key>[]
  wordsOf: (key: Key) => string
}) {
  const t = useTranslate()
  return (
    <table className={styles.chart}>
      <caption className={styles.caption}>{title}</caption>
      <thead className={styles.heads}>
        <tr>
          <th scope="col">
            <OnlyRead>{title}</OnlyRead>
          </th>
          <th scope="col">{t('triage.before')}</th>
          <th scope="col">{t('triage.after')}</th>
          <th scope="col">{t('triage.difference')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{wordsOf(row.key)}</th>
            <td>
              <Bar width={barWidth(row.before, rows)} look="before">
                {row.before}
              </Bar>
            </td>
            <td>
              <Bar width={barWidth(row.after, rows)} look="after">
                {row.after}
              </Bar>
            </td>
            <td className={classNames(text.digits, row.before === row.after && text.meta)}>
              {signed(row.after - row.before)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Bar({
  width,
  look,
  children,
}: {
  width: number
  look: 'before' | 'after'
  children: ReactNode
}) {
  return (
    <span className={styles.bar}>
      <span className={styles.number}>{children}</span>
      <span className={styles.track} aria-hidden="true">
        <span className={styles[look]} style={{ width: `${width}%` }} />
      </span>
    </span>
  )
}

function Examples({
  result: { examples, changed },
  nameOf,
}: {
  result: DryRunOutput
  nameOf: (id: string) => string
}) {
  const t = useTranslate()
  const timeOrDate = useTimeOrDate()
  const placed = ({ teamId, priority }: DryRunOutput['examples'][number]['before']) =>
    `${nameOf(teamId)}, ${t(`priority.${priority}`).toLowerCase()}`
  return (
    <section>
      <h2 className={styles.caption}>
        {changed > examples.length
          ? t('triage.firstExamples', { count: examples.length })
          : t('triage.examples')}
      </h2>
      <ul>
        {examples.map((example) => (
          <li key={example.conversationId} className={styles.example}>
            <time className={classNames(text.meta, text.digits)} dateTime={example.createdAt}>
              {timeOrDate(example.createdAt)}
            </time>
            <span className={text.cut} title={example.text}>
              {example.text === '' ? t('triage.noText') : t('quoted', { text: example.text })}
            </span>
            <span className={styles.placed}>
              <span className={text.meta}>{placed(example.before)}</span> → {placed(example.after)}
            </span>
            <span className={classNames(text.meta, text.cut)}>
              {example.after.rules.length === 0
                ? t('triage.byNoRule')
                : t('triage.byRules', { rules: example.after.rules.join(', ') })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
