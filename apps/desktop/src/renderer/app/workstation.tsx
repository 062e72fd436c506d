import { useEffect } from 'react'

import { useConnected } from '../bridge/bridge-context.tsx'
import { usePreferences } from '../bridge/views.ts'
import { installRest } from '../contributions/registry.ts'
import { Slot } from '../contributions/slot.tsx'
import { WORKSPACE_ID } from '../ui/dialog.tsx'
import { NoticeAt } from '../ui/notice.tsx'
import styles from './app.module.css'
import { useCommand } from './commands.ts'
import { OpenDialog, OpenSheet, ShownScreen } from './opened.tsx'
import { Openers } from './openers.tsx'
import { focusNextPane } from './panes.ts'
import { Rail } from './rail.tsx'
import { WorkstationTitleBar } from './title-bar.tsx'
import { useLanding } from './use-landing.ts'
import { isDarkNow } from './use-theme.ts'
import { useWindowKeys, whenNobodyWrites } from './use-window-keys.ts'
import { useViewState } from './view-state.ts'
import { forgetView } from './view-store.ts'

/** The window of a signed-in person. */
export function Workstation() {
  useWindowKeys()
  useShellCommands()
  useLanding()
  useOpenedFromOutside()
  useRest()
  useEffect(() => forgetView, [])
  return (
    <div className={styles.app}>
      <WorkstationTitleBar />
      <div className={styles.below} id={WORKSPACE_ID}>
        <Slot of="belowTitleBar" />
        <div className={styles.workspace}>
          <Rail />
          <ShownScreen />
          <Slot of="overlay" />
        </div>
      </div>
      <NoticeAt place="undo" className={styles.notice} />
      <NoticeAt place="window" className={styles.notice} />
      <OpenSheet />
      <OpenDialog />
      <Openers />
    </div>
  )
}

/**
 * Fetched right after the first paint, and then drawn in the very moment one of them is asked for: React's
 * own `lazy` waits before it shows what is there already, and what is typed meanwhile would go elsewhere.
 */
function useRest(): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => void installRest())
    return () => cancelAnimationFrame(frame)
  }, [])
}

function useShellCommands(): void {
  const { client } = useConnected()
  const { theme } = usePreferences()
  const goBack = useViewState((state) => state.goBack)
  const canGoBack = useViewState((state) => state.before.length > 0)
  useCommand('history.back', canGoBack ? goBack : null)
  useCommand('pane.next', () => focusNextPane(1))
  useCommand('pane.previous', () => focusNextPane(-1))
  useCommand(
    'theme.toggle',
    () => void client.ask('preferences.set', { theme: isDarkNow(theme) ? 'light' : 'dark' }),
  )
}

/**
 * A clicked notification always opens its conversation, whatever lies over it, but takes no writer away in mid-word; and
 * the shell is told what is in view.
 */
function useOpenedFromOutside(): void {
  const { client } = useConnected()
  const openConversation = useViewState((state) => state.openConversation)
  const closeDialog = useViewState((state) => state.closeDialog)
  const conversationId = useViewState((state) =>
    state.screen.kind === 'main' ? state.conversationId : null,
  )
  useEffect(() => {
    let forget = () => {}
    const stopListening = client.on('openConversation', ({ conversationId }) => {
      // The last one clicked is the one that is wanted.
      forget()
      forget = whenNobodyWrites(() => {
        closeDialog()
        openConversation(conversationId)
      })
    })
    return () => {
      stopListening()
      forget()
    }
  }, [client, closeDialog, openConversation])
  useEffect(() => {
    void client.ask('window.showsConversation', { conversationId })
  }, [client, conversationId])
}
