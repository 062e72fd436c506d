import type { AlertView } from '@parley/contracts'
import { type KeyboardEvent, type ReactNode } from 'react'

import { isPressOf } from '../../app/keys.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { SlaShape } from '../../ui/sla-shape.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import styles from './alert-card.module.css'
import { alertLabel, bandWords, factsOf, titleOf, wordsOf } from './alert-words.ts'
import { type AlertActions } from './use-alert-actions.ts'

interface AlertCardProps {
  alert: AlertView
  actions: AlertActions
  /** More to do with this one, after its buttons. */
  children?: ReactNode
  /** Only its band, with the name, until the pointer or the focus is in it: it lies over something else. */
  isFolded?: boolean
}

/** What somebody must attend to. Its letters act only while it has the focus. */
export function AlertCard({ alert, actions, children, isFolded = false }: AlertCardProps) {
  const t = useTranslate()
  const onKeyDown = (event: KeyboardEvent) => {
    const run = actionOf(event, alert, actions)
    if (run === null) return
    event.preventDefault()
    run()
  }
  const words = wordsOf(alert, t)
  return (
    <section
      className={classNames(styles.card, isFolded && styles.folded)}
      role="alertdialog"
      aria-label={alertLabel(alert, t)}
      tabIndex={-1}
      data-alert-id={alert.id}
      data-alert-kind={alert.kind}
      onKeyDown={onKeyDown}
    >
      <div className={styles.band}>
        <SlaShape of="breached" ground="var(--danger-fill)" size={15} />
        <span className={styles.kind}>{t(`alert.kind.${alert.kind}`)}</span>
        {isFolded && (
          <span className={classNames(styles.foldedName, text.cut)} aria-hidden="true">
            {titleOf(alert, t)}
          </span>
        )}
        <Band alert={alert} />
      </div>
      <div className={styles.body}>
        <div className={text.line}>
          {alert.channel && <ChannelGlyph channel={alert.channel} />}
          <strong className={classNames(text.title, text.cut)}>{titleOf(alert, t)}</strong>
        </div>
        {words && <p className={classNames(text.twoLines, styles.words)}>{words}</p>}
        <Facts alert={alert} />
        <div className={styles.actions}>
          {alert.mayTakeOver && (
            <Button
              look="primary"
              keysOf="alert.takeOver"
              onClick={() => void actions.takeOver(alert)}
            >
              {t('action.takeOver')}
            </Button>
          )}
          <Button
            look={alert.mayTakeOver ? 'line' : 'primary'}
            keysOf="alert.open"
            onClick={() => actions.open(alert)}
          >
            {t('watch.open')}
          </Button>
          <Button
            look="line"
            keysOf="alert.acknowledge"
            onClick={() => void actions.acknowledge(alert)}
          >
            {t('alert.acknowledge')}
          </Button>
          {children}
        </div>
      </div>
    </section>
  )
}

/** What a letter does to an alert; null: nothing. */
export function actionOf(
  event: KeyboardEvent | globalThis.KeyboardEvent,
  alert: AlertView,
  actions: AlertActions,
): (() => void) | null {
  if (isPressOf('alert.takeOver', event)) {
    return alert.mayTakeOver ? () => void actions.takeOver(alert) : null
  }
  if (isPressOf('alert.open', event)) return () => actions.open(alert)
  if (isPressOf('alert.acknowledge', event)) return () => void actions.acknowledge(alert)
  return null
}

/** Not announced as it counts down: the card said it when it came. */
function Band({ alert }: { alert: AlertView }) {
  const t = useTranslate()
  const now = useNow(alert.kind === 'escalation' ? 'second' : 'minute')
  return (
    <span className={styles.when} role="timer" aria-live="off">
      <span className={styles.long}>{bandWords(alert, 'long', t, now)}</span>
      <span className={styles.short} aria-hidden="true">
        {bandWords(alert, 'short', t, now)}
      </span>
    </span>
  )
}

function Facts({ alert }: { alert: AlertView }) {
  const t = useTranslate()
  const now = useNow('minute')
  const { teams } = useDirectory()
  const teamName = alert.teamId === null ? null : (teams.get(alert.teamId)?.name ?? null)
  return (
    <dl className={styles.facts}>
      {factsOf(alert, { t, teamName, now }).map((fact) => (
        <div key={fact.name} className={styles.fact}>
          <dt>{t(`alert.fact.${fact.name}`)}</dt>
          <dd>{fact.words}</dd>
        </div>
      ))}
    </dl>
  )
}
