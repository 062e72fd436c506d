import type { AlertView } from '@parley/contracts'
import { useEffect, useRef } from 'react'

import { runCommand, useCommand } from '../../app/commands.ts'
import { keyLabels } from '../../app/keys.ts'
import { useCustomerPanel } from '../customer/index.ts'
import { useViewState } from '../../app/view-state.ts'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { useReadAll } from '../../bridge/use-read.ts'
import { type Translate } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Announcement } from '../../ui/announcement.tsx'
import { classNames } from '../../ui/class-names.ts'
import { AlertCard } from './alert-card.tsx'
import styles from './alert-stack.module.css'
import { alertLabel } from './alert-words.ts'
import { cardsOf } from './shown-alerts.ts'
import { useAlertActions } from './use-alert-actions.ts'

const MOST_SHOWN = 2

/**
 * Escalations and breaches over the right edge. They never take the focus and move nothing. Beside the inbox they
 * would lie over what is being worked on: there they are folded, and screens that list them have them in a place of
 * their own.
 */
export function AlertStack() {
  const t = useTranslate()
  const { value } = useReadAll('alerts.list')
  const screen = useViewState((state) => state.screen.kind)
  const panel = useCustomerPanel()
  const actions = useAlertActions()
  const cards = cardsOf(value ?? [])
  const newest = newestOf(cards)
  const { focusNext, giveFocusBack } = useCardFocus()
  useCommand('alert.focus', cards.length > 0 ? focusNext : null)
  useOpenedFromOutside()
  const hasOwnPlace = screen === 'alerts' || screen === 'wallboard'
  const more = cards.length - MOST_SHOWN
  return (
    <>
      <Announcement of={newest && { id: newest.id, words: announced(newest, t) }} />
      <aside
        className={classNames(
          styles.stack,
          screen !== 'main' && styles.screen,
          screen === 'main' && (!panel.isOpen || panel.isOverlay) && styles.overThread,
        )}
        aria-label={t('alert.region')}
        data-alerts={cards.length}
        hidden={hasOwnPlace || cards.length === 0}
      >
        {!hasOwnPlace &&
          cards
            .slice(0, MOST_SHOWN)
            .map((alert) => (
              <AlertCard
                key={alert.id}
                alert={alert}
                actions={actions}
                isFolded={screen !== 'main'}
                onLeave={giveFocusBack}
              />
            ))}
        {more > 0 && (
          <button type="button" className={styles.more} onClick={() => runCommand('go.alerts')}>
            {t('alert.more', { count: more })}
          </button>
        )}
      </aside>
    </>
  )
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
function useCardFocus() {
  const before = useRef<Element | null>(null)
  return {
    focusNext: () => {
      const cards = [...document.querySelectorAll<HTMLElement>('[data-alert-id]')]
      const present = cards.findIndex((card) => card.contains(document.activeElement))
      if (present === -1) before.current = document.activeElement
      cards[(present + 1) % Math.max(1, cards.length)]?.focus()
    },
    giveFocusBack: () => {
      if (before.current instanceof HTMLElement && before.current.isConnected)
        before.current.focus()
    },
  }
}
