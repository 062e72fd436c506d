import type { AlertView } from '@parley/contracts'
import { Bell, Check } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'

import { useCommand } from '../../app/commands.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { ago, within } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { SlaShape } from '../../ui/sla-shape.tsx'
import text from '../../ui/text.module.css'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { useNow } from '../../ui/use-now.ts'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { AlertCard, actionOf } from './alert-card.tsx'
import styles from './alert-list.module.css'
import { endWords, titleOf } from './alert-words.ts'
import { endedAlerts, isOpen } from './shown-alerts.ts'
import { type AlertActions, useAlertActions } from './use-alert-actions.ts'

/** Escalations as cards, the rest as lines; below, what ended within the day and by whom. */
export function AlertList({ alerts }: { alerts: readonly AlertView[] }) {
  const t = useTranslate()
  const actions = useAlertActions()
  const isOffline = useConnection()?.state === 'offline'
  const now = useNow('minute')
  const list = useRef<HTMLDivElement>(null)
  const open = alerts.filter(isOpen).toSorted(dueFirst)
  const escalations = open.filter(({ kind }) => kind === 'escalation')
  const others = open.filter(({ kind }) => kind !== 'escalation')
  // By what is so now: what was to be due has been missed since, whatever was told of it.
  const isLate = ({ kind, dueAt }: AlertView) => kind === 'breach' || Date.parse(dueAt) <= now
  const ended = endedAlerts(alerts)
  const move = (step: 1 | -1) => () => moveFocus(list.current, step)
  useCommand('list.down', open.length > 0 ? move(1) : null)
  useCommand('list.up', open.length > 0 ? move(-1) : null)
  return (
    <div ref={list} className={styles.scroll} data-pane-focus tabIndex={-1}>
      {isOffline && <p className={styles.note}>{t('alerts.offline')}</p>}
      {open.length === 0 && (
        <Blank icon={Bell} title={t('alerts.none')} height={180}>
          {t('alerts.noneWords')}
        </Blank>
      )}
      {escalations.length > 0 && (
        <Section title={t('alerts.escalations')} count={escalations.length}>
          <div className={styles.cards} data-focus-group>
            {escalations.map((alert) => (
              <AlertCard key={alert.id} alert={alert} actions={actions} />
            ))}
          </div>
        </Section>
      )}
      <DueSection kind="breach" alerts={others.filter(isLate)} actions={actions} />
      <DueSection
        kind="warning"
        alerts={others.filter((alert) => !isLate(alert))}
        actions={actions}
      />
      {ended.length > 0 && (
        <Section title={t('alerts.ended')} count={ended.length}>
          <ul>
            {ended.map((alert) => (
              <EndedLine key={alert.id} alert={alert} onOpen={() => actions.open(alert)} />
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

/** What was due first stands first: the longest overdue, then the next to be. */
const dueFirst = (a: AlertView, b: AlertView) => (a.dueAt < b.dueAt ? -1 : 1)

/** From one card or line to the next, in the order in which they are seen; from elsewhere to the first. */
function moveFocus(list: HTMLElement | null, step: 1 | -1): void {
  const all = [...(list?.querySelectorAll<HTMLElement>('[data-alert-id]') ?? [])]
  const at = all.findIndex((one) => one.contains(document.activeElement))
  all[at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))]?.focus()
}

function Section({
  title,
  count,
  end,
  children,
}: {
  title: string
  count: number
  end?: ReactNode
  children: ReactNode
}) {
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2 className={text.heading}>{title}</h2>
        <span className={classNames(text.meta, text.digits)}>{count}</span>
        <span className={text.grow} />
        {end}
      </header>
      {children}
    </section>
  )
}

function DueSection({
  kind,
  alerts,
  actions,
}: {
  kind: 'breach' | 'warning'
  alerts: readonly AlertView[]
  actions: AlertActions
}) {
  const t = useTranslate()
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  if (alerts.length === 0) return null
  const acknowledgeAll = async () => {
    const result = await ask('alerts.acknowledgeAll', {
      alertIds: alerts.map(({ id }) => id),
    })
    if (!result.ok) notifyRefusal(result.error)
  }
  return (
    <Section
      title={t(`alerts.open.${kind}`)}
      count={alerts.length}
      end={
        <Button look="line" size="small" onClick={() => void acknowledgeAll()}>
          {t('alerts.acknowledgeAll')}
        </Button>
      }
    >
      <ul>
        {alerts.map((alert) => (
          <OpenLine key={alert.id} alert={alert} actions={actions} />
        ))}
      </ul>
    </Section>
  )
}

/** As a card, its letters act while it has the focus. */
function OpenLine({ alert, actions }: { alert: AlertView; actions: AlertActions }) {
  const t = useTranslate()
  const now = useNow('minute')
  const { teams } = useDirectory()
  const dueAt = Date.parse(alert.dueAt)
  const isLate = now >= dueAt
  const onKeyDown = (event: KeyboardEvent) => {
    const run = actionOf(event, alert, actions)
    if (run === null) return
    event.preventDefault()
    run()
  }
  return (
    <li
      className={styles.line}
      tabIndex={-1}
      data-alert-id={alert.id}
      data-alert-kind={alert.kind}
      onKeyDown={onKeyDown}
    >
      <span className={classNames(styles.due, isLate ? text.bad : styles.warning)}>
        <SlaShape of={isLate ? 'breached' : 'warning'} />
        {isLate ? ago(dueAt, t, now) : t('alert.dueIn', { within: within(dueAt, t, now) })}
      </span>
      {alert.channel && <ChannelGlyph channel={alert.channel} />}
      <strong className={classNames(styles.name, text.cut)}>{titleOf(alert, t)}</strong>
      <span className={classNames(styles.optional, text.meta, text.cut)}>
        {alert.teamId === null ? '' : (teams.get(alert.teamId)?.name ?? '')}
      </span>
      <span className={classNames(styles.optional, text.meta, text.cut)}>
        {t(`clockName.${alert.clock}`)}
      </span>
      <span className={classNames(text.grow, text.meta, text.cut)}>
        {alert.assigneeName ?? t('alert.nobody')}
      </span>
      {alert.channelNow === 'off' && <Pill look="line">{t('alerts.off')}</Pill>}
      <Button
        size="small"
        look="quiet"
        aria-label={t('alerts.openOf', { name: titleOf(alert, t) })}
        onClick={() => actions.open(alert)}
      >
        {t('watch.open')}
      </Button>
      <Button
        size="small"
        look="quiet"
        aria-label={t('alerts.acknowledgeOf', { name: titleOf(alert, t) })}
        onClick={() => void actions.acknowledge(alert)}
      >
        {t('alert.acknowledge')}
      </Button>
    </li>
  )
}

function EndedLine({ alert, onOpen }: { alert: AlertView; onOpen: () => void }) {
  const t = useTranslate()
  const timeOrDate = useTimeOrDate()
  return (
    <li className={styles.ended} data-ended-alert={alert.id}>
      <Icon of={Check} size={14} />
      <button type="button" className={classNames(styles.endedName, text.cut)} onClick={onOpen}>
        {t(`alert.endedAs.${alert.kind}`, { name: titleOf(alert, t) })}
      </button>
      <span className={classNames(text.grow, text.meta, text.cut)}>{endWords(alert, t)}</span>
      <span className={classNames(text.meta, text.digits)}>
        {alert.endedAt && timeOrDate(alert.endedAt)}
      </span>
    </li>
  )
}
