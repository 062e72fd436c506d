import { useEffect } from 'react'

import { useConnected } from '../bridge/bridge-context.tsx'
import { usePreferences } from '../bridge/views.ts'
import { AlertStack } from '../features/alerts/alert-stack.tsx'
import { ConversationPane } from '../features/conversation/conversation-pane.tsx'
import { InboxPane } from '../features/inbox/inbox-pane.tsx'
import { Offers } from '../features/offers/offers.tsx'
import { WORKSPACE_ID } from '../ui/dialog.tsx'
import { NoticeAt } from '../ui/notice.tsx'
import styles from './app.module.css'
import { useCommand } from './commands.ts'
import { Dialogs } from './dialogs.tsx'
import { focusNextPane } from './panes.ts'
import { Rail } from './rail.tsx'
import { WorkstationTitleBar } from './title-bar.tsx'
import { isDarkNow } from './use-theme.ts'
import { type LateParts, useLateParts } from './use-late-parts.ts'
import { useWindowKeys } from './use-window-keys.ts'
import { useViewState } from './view-state.ts'

/** The window of a signed-in person. */
export function Workstation() {
  useWindowKeys()
  useGeneralCommands()
  useOpenedFromOutside()
  useEffect(() => useViewState.getState().reset, [])
  const parts = useLateParts()
  return (
    <div className={styles.app}>
      <WorkstationTitleBar />
      <div className={styles.workspace} id={WORKSPACE_ID}>
        <Rail />
        <Main parts={parts} />
        <Offers />
        <AlertStack />
      </div>
      <NoticeAt place="window" className={styles.notice} />
      <Dialogs parts={parts} />
    </div>
  )
}

function Main({ parts }: { parts: LateParts | null }) {
  const screen = useViewState((state) => state.screen)
  switch (screen.kind) {
    case 'inbox':
      return (
        <>
          <InboxPane />
          <ConversationPane />
        </>
      )
    case 'watch':
      return parts && <parts.QueueScreen teamId={screen.teamId} />
    case 'routing':
      return parts && <parts.RoutingScreen teamId={screen.teamId} part={screen.part} />
    case 'triage':
      return parts && <parts.TriageScreen part={screen.part} />
    case 'alerts':
      return parts && <parts.AlertsScreen part={screen.part} />
    case 'wallboard':
      return parts && <parts.WallboardScreen />
    case 'sla':
      return parts && <parts.SlaScreen teamId={screen.teamId} part={screen.part} />
  }
}

function useGeneralCommands(): void {
  const { client } = useConnected()
  const { theme } = usePreferences()
  const { openDialog, goBack, before, setOutboxOpen, isOutboxOpen } = useViewState()
  useCommand('palette.open', () => openDialog({ kind: 'palette', scope: 'everything' }))
  useCommand('search.open', () => openDialog({ kind: 'palette', scope: 'messages' }))
  useCommand('help.open', () => openDialog({ kind: 'help' }))
  useCommand('go.waiting', () => setOutboxOpen(!isOutboxOpen))
  useCommand('history.back', before.length > 0 ? goBack : null)
  useCommand('pane.next', () => focusNextPane(1))
  useCommand('pane.previous', () => focusNextPane(-1))
  useCommand(
    'theme.toggle',
    () => void client.ask('preferences.set', { theme: isDarkNow(theme) ? 'light' : 'dark' }),
  )
}

/** A clicked notification always opens its conversation, whatever lies over it; and the shell is told what is in view. */
function useOpenedFromOutside(): void {
  const { client } = useConnected()
  const { openConversation, closeDialog, showScreen } = useViewState()
  const conversationId = useViewState((state) =>
    state.screen.kind === 'inbox' ? state.conversationId : null,
  )
  useEffect(
    () =>
      client.on('openConversation', ({ conversationId }) => {
        closeDialog()
        openConversation(conversationId)
      }),
    [client, closeDialog, openConversation],
  )
  useEffect(
    () =>
      client.on('openAlerts', () => {
        closeDialog()
        showScreen({ kind: 'alerts', part: 'list' })
      }),
    [client, closeDialog, showScreen],
  )
  useEffect(() => {
    void client.ask('window.showsConversation', { conversationId })
  }, [client, conversationId])
}
