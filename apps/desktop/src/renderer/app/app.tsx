import { useLayoutEffect } from 'react'

import { useConnected } from '../bridge/bridge-context.tsx'
import { useConnection, useSession } from '../bridge/views.ts'
import { Slot } from '../contributions/slot.tsx'
import { NotOpened } from './not-opened.tsx'
import { Page } from './page.tsx'
import { StartFailed } from './start-failed.tsx'
import { Starting } from './starting.tsx'
import { Workstation } from './workstation.tsx'

export function App() {
  useStateOnRoot()
  return (
    <Page>
      <Screen />
    </Page>
  )
}

function Screen() {
  const session = useSession()
  const { session: live } = useConnected()
  if (session === undefined) {
    const error = live.error()
    return error ? <StartFailed error={error} /> : <Starting />
  }
  if (session.state === 'starting') return <Starting />
  if (session.state === 'not_opened') return <NotOpened view={session} />
  if (session.state === 'locked') return <Slot of="locked" session={session} />
  if (session.state === 'signed_out') return <Slot of="signedOut" session={session} />
  // Another person is another screen: nothing of the last one's view state survives.
  return <Workstation key={session.me.id} />
}

/** For end-to-end tests and support: what the workstation believes of itself. */
function useStateOnRoot(): void {
  const session = useSession()
  const connection = useConnection()
  useLayoutEffect(() => {
    const { dataset } = document.documentElement
    dataset['session'] = session?.state ?? 'starting'
    dataset['connection'] = connection?.state ?? 'connecting'
  }, [session?.state, connection?.state])
}
