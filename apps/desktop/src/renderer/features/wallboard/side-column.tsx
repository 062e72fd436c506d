import { Check } from 'lucide-react'

import { focusPane } from '../../app/panes.ts'
import { useViewState } from '../../app/view-state.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useDirectory } from '../../bridge/views.ts'
import { timeOrDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { AlertCard } from '../alerts/alert-card.tsx'
import { endWords, titleOf } from '../alerts/alert-words.ts'
import { cardsOf, endedAlerts } from '../alerts/shown-alerts.ts'
import { useAlertActions } from '../alerts/use-alert-actions.ts'
import { MemberList } from '../queue/members.tsx'
import { SectionHead } from './section-head.tsx'
import styles from './side-column.module.css'
import { byLoad } from './wallboard-figures.ts'

const MOST_CARDS = 2
const MOST_ENDED = 3

/** The alerts, in a place of their own, and the people of the teams that are shown. */
export function SideColumn({
  teamIds,
  onChanged,
}: {
  teamIds: readonly string[]
  onChanged: () => void
}) {
  return (
    <aside className={styles.column}>
      <Alerts />
      <Agents teamIds={teamIds} onChanged={onChanged} />
    </aside>
  )
}

function Alerts() {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const { value } = useReadAll('alerts.list')
  const actions = useAlertActions()
  const showScreen = useViewState((state) => state.showScreen)
  const cards = cardsOf(value ?? [])
  const ended = endedAlerts(value ?? []).slice(0, MOST_ENDED)
  return (
    <section className={styles.alerts} aria-label={t('alerts.title')}>
      <SectionHead
        title={t('alerts.title')}
        count={t('wallboard.unacknowledged', { count: cards.length })}
      />
      <div className={styles.cards}>
        {cards.slice(0, MOST_CARDS).map((alert) => (
          <AlertCard
            key={alert.id}
            alert={alert}
            actions={actions}
            onLeave={() => focusPane('screen')}
          />
        ))}
        {cards.length > MOST_CARDS && (
          <Button
            look="line"
            size="small"
            onClick={() => showScreen({ kind: 'alerts', part: 'list' })}
          >
            {t('alert.more', { count: cards.length - MOST_CARDS })}
          </Button>
        )}
      </div>
      <ul className={styles.ended}>
        {ended.map((alert) => (
          <li key={alert.id} className={styles.line}>
            <Icon of={Check} size={14} />
            <span className={`${text.grow} ${text.cut}`}>
              {t(`alert.endedAs.${alert.kind}`, { name: titleOf(alert, t) })}, {endWords(alert, t)}
            </span>
            <span className={`${text.meta} ${text.digits}`}>
              {alert.endedAt && timeOrDate(Date.parse(alert.endedAt), now, language)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Agents({ teamIds, onChanged }: { teamIds: readonly string[]; onChanged: () => void }) {
  const t = useTranslate()
  const { people } = useDirectory()
  const shown = byLoad(
    [...people.values()].filter(
      (person) => person.isActive && person.teamIds.some((id) => teamIds.includes(id)),
    ),
  )
  const online = shown.filter(({ presence }) => presence.status === 'online').length
  return (
    <section className={styles.agents} aria-label={t('members.title')}>
      <SectionHead
        title={t('members.title')}
        count={t('handover.online', { count: online, total: shown.length })}
        hint={t('wallboard.byLoad')}
      />
      <MemberList people={shown} counted={undefined} onChanged={onChanged} />
    </section>
  )
}
