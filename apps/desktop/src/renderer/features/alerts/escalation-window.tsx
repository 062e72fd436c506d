import type { AlertView, AppError } from '@parley/contracts'
import { BellOff, CloudOff } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Refused } from '../../ui/refused.tsx'
import { SlaShape } from '../../ui/sla-shape.tsx'
import text from '../../ui/text.module.css'
import { AlertCard, actionOf } from './alert-card.tsx'
import styles from './escalation-window.module.css'
import { openEscalations } from './shown-alerts.ts'
import { type AlertActions } from './use-alert-actions.ts'
import { useAlertSound } from './use-alert-sound.ts'

const MOST_SHOWN = 3

/** The small window that stays over everything else while an escalation is open. It sounds until each has been acknowledged, taken or silenced. */
export function EscalationWindow() {
  const t = useTranslate()
  const { value } = useReadAll('alerts.list')
  const isOffline = useConnection()?.state === 'offline'
  const [silenced, setSilenced] = useState<ReadonlySet<string>>(new Set())
  const { actions, refused } = useWindowActions()
  const wordsOf = useErrorWords()
  const open = openEscalations(value ?? [])
  const shown = open.slice(0, MOST_SHOWN)
  useAlertSound(open.some(({ id }) => !silenced.has(id)))
  useLetters(shown[0], actions)
  const content = useFittingWindow()
  return (
    <main className={styles.page}>
      <div ref={content} className={styles.content} data-escalations={open.length}>
        <header className={styles.head}>
          <SlaShape of="breached" ground="var(--bg-panel)" size={15} />
          <h1 className={text.heading} aria-live="assertive">
            {t('escalation.title', { count: open.length })}
          </h1>
        </header>
        {isOffline && (
          <p className={styles.note}>
            <Icon of={CloudOff} size={14} />
            {t('escalation.offline')}
          </p>
        )}
        {refused && <Refused words={wordsOf(refused)} />}
        {shown.map((alert) => (
          <AlertCard key={alert.id} alert={alert} actions={actions}>
            {!silenced.has(alert.id) && (
              <IconButton
                label={t('escalation.silence')}
                onClick={() => setSilenced((ids) => new Set(ids).add(alert.id))}
              >
                <Icon of={BellOff} />
              </IconButton>
            )}
          </AlertCard>
        ))}
        {open.length > MOST_SHOWN && (
          <p className={styles.more}>{t('escalation.more', { count: open.length - MOST_SHOWN })}</p>
        )}
      </div>
    </main>
  )
}

/** Here nothing can be opened: the workstation's window comes up with it. */
function useWindowActions(): { actions: AlertActions; refused: AppError | null } {
  const { client } = useConnected()
  const [refused, setRefused] = useState<AppError | null>(null)
  const show = ({ conversationId }: AlertView) =>
    void client.ask('window.openConversation', { conversationId })
  const actions: AlertActions = {
    open: show,
    takeOver: async (alert) => {
      const { conversationId, assignedTo } = alert
      const method = assignedTo === null ? 'conversation.claim' : 'conversation.takeOver'
      // First, because with the last escalation taken this window is gone.
      show(alert)
      const result = await client.ask(method, { conversationId })
      setRefused(result.ok ? null : result.error)
    },
    acknowledge: async ({ id }) => {
      const result = await client.ask('alerts.acknowledge', { alertId: id })
      setRefused(result.ok ? null : result.error)
    },
  }
  return { actions, refused }
}

/** The letters act on the newest one wherever the focus is in this window; a card that has it handles them itself. */
function useLetters(newest: AlertView | undefined, actions: AlertActions): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || newest === undefined) return
    const run = actionOf(event, newest, actions)
    if (run === null) return
    event.preventDefault()
    run()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}

/** The window is as high as what it shows. */
function useFittingWindow() {
  const { client } = useConnected()
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = content.current
    if (element === null) return
    const fit = () => {
      const height = Math.ceil(element.getBoundingClientRect().height)
      if (height > 0) void client.ask('alertWindow.fit', { height: Math.min(2000, height) })
    }
    const resized = new ResizeObserver(fit)
    resized.observe(element)
    return () => resized.disconnect()
  }, [client])
  return content
}
