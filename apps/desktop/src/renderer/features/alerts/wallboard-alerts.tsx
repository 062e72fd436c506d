import { Check } from 'lucide-react'

import { runCommand } from '../../app/commands.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { SectionHead } from '../../ui/section-head.tsx'
import text from '../../ui/text.module.css'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { AlertCard } from './alert-card.tsx'
import { endWords, titleOf } from './alert-words.ts'
import { cardsOf, endedAlerts } from './shown-alerts.ts'
import { useAlertActions } from './use-alert-actions.ts'
import styles from './wallboard-alerts.module.css'

const MOST_CARDS = 2
const MOST_ENDED = 3

/** The alerts in a place of their own beside the wallboard. */
export function WallboardAlerts() {
  const t = useTranslate()
  const timeOrDate = useTimeOrDate()
  const { value } = useReadAll('alerts.list')
  const actions = useAlertActions()
  const cards = cardsOf(value ?? [])
  const ended = endedAlerts(value ?? []).slice(0, MOST_ENDED)
  return (
    <section aria-label={t('alerts.title')}>
      <SectionHead
        title={t('alerts.title')}
        count={t('wallboard.unacknowledged', { count: cards.length })}
      />
      <div className={styles.cards} data-focus-group>
        {cards.slice(0, MOST_CARDS).map((alert) => (
          <AlertCard key={alert.id} alert={alert} actions={actions} />
        ))}
        {cards.length > MOST_CARDS && (
          <Button look="line" size="small" onClick={() => runCommand('go.alerts')}>
            {t('alert.more', { count: cards.length - MOST_CARDS })}
          </Button>
        )}
      </div>
      <ul className={styles.ended}>
        {ended.map((alert) => (
          <li key={alert.id} className={styles.line}>
            <Icon of={Check} size={14} />
            <span className={classNames(text.grow, text.cut)}>
              {t(`alert.endedAs.${alert.kind}`, { name: titleOf(alert, t) })}, {endWords(alert, t)}
            </span>
            <span className={classNames(text.meta, text.digits)}>
              {alert.endedAt && timeOrDate(alert.endedAt)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
