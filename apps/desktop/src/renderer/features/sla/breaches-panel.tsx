import { type Violation, type ViolationsOutput } from '@parley/contracts'
import { VIOLATION_TYPES } from '@parley/contracts/values'
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { duration, timeOrDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Panel } from '../../ui/form/panel.tsx'
import { Pill } from '../../ui/pill.tsx'
import { PriorityGlyph } from '../../ui/priority-glyph.tsx'
import { Segments } from '../../ui/segments.tsx'
import { percent } from '../../ui/percent.ts'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { REPLAY_PERIODS, type ReplayPeriod, periodOf } from '../routing/index.ts'
import styles from './breaches-panel.module.css'
import { type ViolationFilter, useViolations } from './use-violations.ts'

type Type = Violation['type'] | 'any'
type Reach = 'team' | 'all'

/** Which promises were not kept, the newest first; each opens its conversation. */
export function BreachesPanel({ teamId }: { teamId: string }) {
  const t = useTranslate()
  const [reach, setReach] = useState<Reach>('team')
  const [type, setType] = useState<Type>('any')
  const [period, setPeriod] = useState<ReplayPeriod>('week')
  return (
    <Panel>
      <div className={styles.filters}>
        <Segments
          label={t('watch.teams')}
          value={reach}
          options={(['team', 'all'] as const).map((value) => ({
            value,
            label: t(`breaches.reach.${value}`),
          }))}
          onChange={setReach}
        />
        <Segments
          label={t('breaches.type')}
          value={type}
          options={(['any', ...VIOLATION_TYPES] as const).map((value) => ({
            value,
            label: t(`breaches.type.${value}`),
          }))}
          onChange={setType}
        />
        <Segments
          label={t('replay.period')}
          value={period}
          options={REPLAY_PERIODS.map((value) => ({ value, label: t(`replay.${value}`) }))}
          onChange={setPeriod}
        />
      </div>
      <FoundViolations
        key={JSON.stringify([reach, type, period])}
        teamId={reach === 'team' ? teamId : null}
        type={type === 'any' ? null : type}
        period={period}
      />
    </Panel>
  )
}

function FoundViolations({
  teamId,
  type,
  period,
}: Pick<ViolationFilter, 'teamId' | 'type'> & { period: ReplayPeriod }) {
  const t = useTranslate()
  const now = useNow('minute')
  // The period stands still while one reads: it ends when it was chosen.
  const [between] = useState(() => periodOf(period, now))
  const read = useViolations({ teamId, userId: null, type, ...between })
  return (
    <WhenRead read={read} failed={t('breaches.failed')}>
      {({ violations, total, onTime }) => (
        <div className={styles.body} data-violations={total}>
          <OnTime onTime={onTime} total={total} />
          {violations.length === 0 ? (
            <Blank icon={CircleCheck} title={t('breaches.none')} height={180} />
          ) : (
            <ViolationTable violations={violations} now={now} />
          )}
          {read.readMore && (
            <div className={styles.more}>
              <Button look="line" disabled={read.isReading} onClick={read.readMore}>
                {t('breaches.more', { shown: violations.length, total })}
              </Button>
            </div>
          )}
        </div>
      )}
    </WhenRead>
  )
}

/** How many were kept: without it, a list of failures says little. */
function OnTime({ onTime, total }: Pick<ViolationsOutput, 'onTime' | 'total'>) {
  const t = useTranslate()
  const isOffline = useConnection()?.state === 'offline'
  return (
    <dl className={styles.figures}>
      {(['firstResponse', 'resolution'] as const).map((of) => (
        <div key={of}>
          <dt className={text.meta}>{t(`wallboard.${of}`)}</dt>
          <dd className={text.figure}>{percent(onTime[of]) ?? '–'}</dd>
          <dd className={text.meta}>{t('wallboard.metOf', onTime[of])}</dd>
        </div>
      ))}
      <div>
        <dt className={text.meta}>{t('alerts.open.breach')}</dt>
        <dd className={text.figure}>{total}</dd>
        <dd className={text.meta}>{isOffline ? t('breaches.offline') : ''}</dd>
      </div>
    </dl>
  )
}

function ViolationTable({ violations, now }: { violations: readonly Violation[]; now: number }) {
  const t = useTranslate()
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('breaches.when')}</th>
          <th scope="col">{t('watch.customer')}</th>
          <th scope="col">{t('watch.teams')}</th>
          <th scope="col">{t('breaches.type')}</th>
          <th scope="col">{t('breaches.took')}</th>
          <th scope="col">{t('breaches.whose')}</th>
          <th scope="col">{t('breaches.escalatedTo')}</th>
        </tr>
      </thead>
      <tbody>
        {violations.map((violation) => (
          <ViolationRow key={violation.id} violation={violation} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function ViolationRow({ violation, now }: { violation: Violation; now: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const { people, teams } = useDirectory()
  const openConversation = useViewState((state) => state.openConversation)
  const nameOf = (id: string | null) =>
    id === null ? '–' : (people.get(id)?.fullName ?? t('person.somebody'))
  const { conversationId, customerName, teamId, targetSeconds, actualSeconds } = violation
  return (
    <tr data-violation-id={violation.id}>
      <td className={text.digits}>{timeOrDate(Date.parse(violation.breachedAt), now, language)}</td>
      <td>
        <button
          type="button"
          className={styles.customer}
          onClick={() => openConversation(conversationId)}
        >
          <ChannelGlyph channel={violation.channel} size={14} />
          <span className={text.cut}>{customerName ?? t('watch.unnamed')}</span>
          <PriorityGlyph priority={violation.priority} />
        </button>
      </td>
      <td>{teamId === null ? '–' : (teams.get(teamId)?.name ?? '–')}</td>
      <td>{t(`breaches.type.${violation.type}`)}</td>
      <td className={text.digits}>
        {t('breaches.tookOf', {
          took: duration(actualSeconds * 1000),
          target: duration(targetSeconds * 1000),
        })}{' '}
        {!violation.isFinal && <Pill look="line">{t('breaches.running')}</Pill>}
      </td>
      <td className={classNames(text.cut, styles.person)}>{nameOf(violation.assignedTo)}</td>
      <td className={classNames(text.cut, styles.person)}>{nameOf(violation.escalatedTo)}</td>
    </tr>
  )
}
