import { I18nProvider } from '@lingui/react'
import { useLayoutEffect, useState } from 'react'

import { useConnected } from '../bridge/bridge-context.tsx'
import { useConnection, usePreferences, useSession } from '../bridge/views.ts'
import { SignIn } from '../features/session/sign-in.tsx'
import { createI18n } from '../i18n/translate.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { StartFailed } from './start-failed.tsx'
import { Starting } from './starting.tsx'
import { useTheme } from './use-theme.ts'
import { Workstation } from './workstation.tsx'

export function App() {
  const { language } = usePreferences()
  const [i18n] = useState(() => createI18n(language))
  useLayoutEffect(() => {
    if (i18n.locale !== language) i18n.activate(language)
    document.documentElement.lang = language === 'es' ? 'es-MX' : 'en'
  }, [i18n, language])
  useTheme()
  useStateOnRoot()
  return (
    <I18nProvider i18n={i18n}>
      <TooltipProvider>
        <ErrorBoundary>
          <Screen />
        </ErrorBoundary>
      </TooltipProvider>
    </I18nProvider>
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
  if (session.state === 'signed_out') return <SignIn session={session} />
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
