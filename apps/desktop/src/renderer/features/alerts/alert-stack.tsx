import type { AlertView } from '@parley/contracts'
import { useEffect } from 'react'

import { runCommand, useCommand } from '../../app/commands.ts'
import { keyLabels } from '../../app/keys.ts'
import { useCustomerPanel } from '../customer/index.ts'
import { useViewState } from '../../app/view-state.ts'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { useReadAll } from '../../bridge/use-read.ts'
import { type Translate } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Announcement } from '../../ui/announcement.tsx'
import { AlertCard } from './alert-card.tsx'
import styles from './alert-stack.module.css'
import { alertLabel } from './alert-words.ts'
import { cardsOf } from './shown-alerts.ts'
import { useAlertActions } from './use-alert-actions.ts'

const MOST_SHOWN = 2

/**
 * Escalations and breaches over the customer's panel. They never take the focus and move nothing. Where there is no
 * panel they would lie over what is being worked on: then the gravest has a band in the title bar, and screens that
 * list them have them in a place of their own.
 */
export function AlertStack() {
  const t = useTranslate()
  const { value } = useReadAll('alerts.list')
  const place = useAlertPlace()
  const actions = useAlertActions()
  const cards = cardsOf(value ?? [])
  const newest = newestOf(cards)
  useCommand('alert.focus', cards.length > 0 ? focusNextCard : null)
  useOpenedFromOutside()
  const more = cards.length - MOST_SHOWN
  return (
    <>
      <Announcement of={newest && { id: newest.id, words: announced(newest, t) }} />
      {place === 'panel' && cards.length > 0 && (
        <aside
          className={styles.stack}
          aria-label={t('alert.region')}
          data-alerts={cards.length}
          data-focus-group
        >
          {cards.slice(0, MOST_SHOWN).map((alert) => (
            <AlertCard key={alert.id} alert={alert} actions={actions} />
          ))}
          {more > 0 && (
            <button type="button" className={styles.more} onClick={() => runCommand('go.alerts')}>
              {t('alert.more', { count: more })}
            </button>
          )}
        </aside>
      )}
    </>
  )
}

/** The gravest alert, folded to its band in the title bar until the pointer or the focus is in it. */
export function AlertBand() {
  const t = useTranslate()
  const { value } = useReadAll('alerts.list')
  const place = useAlertPlace()
  const actions = useAlertActions()
  const cards = cardsOf(value ?? [])
  const [gravest] = cards
  if (place !== 'title_bar' || gravest === undefined) return null
  return (
    <aside
      className={styles.band}
      aria-label={t('alert.region')}
      data-alerts={cards.length}
      data-focus-group
    >
      <AlertCard key={gravest.id} alert={gravest} actions={actions} isFolded />
    </aside>
  )
}

/** Where they cover nothing that is being worked on. */
function useAlertPlace(): 'panel' | 'title_bar' | 'screen' {
  const screen = useViewState((state) => state.screen.kind)
  const hasConversation = useViewState((state) => state.conversationId !== null)
  const panel = useCustomerPanel()
  if (screen === 'alerts' || screen === 'wallboard') return 'screen'
  const hasPanel = screen === 'main' && hasConversation && panel.isOpen && !panel.isOverlay
  return hasPanel ? 'panel' : 'title_bar'
}

const newestOf = (cards: ReturnType<typeof cardsOf>) =>
  cards.toSorted((a, b) => (a.raisedAt > b.raisedAt ? -1 : 1))[0] ?? null

/** What it is, with the way to it. */
const announced = (alert: AlertView, t: Translate) =>
  t('alert.announced', { alert: alertLabel(alert, t), keys: keyLabels('alert.focus').join(' ') })

/** A clicked notification of several alerts, whatever lies over the window. */
function useOpenedFromOutside(): void {
  const { client } = useConnected()
  useEffect(
    () =>
      client.on('openAlerts', () => {
        useViewState.getState().closeDialog()
        runCommand('go.alerts')
      }),
    [client],
  )
}

/** The key goes to the first alert wherever it stands, and from there to the next one. */
function focusNextCard(): void {
  const cards = [...document.querySelectorAll<HTMLElement>('[data-alert-id]')]
  const present = cards.findIndex((card) => card.contains(document.activeElement))
  cards[(present + 1) % Math.max(1, cards.length)]?.focus()
}
