import { I18nProvider } from '@lingui/react'
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'

import { usePreferences } from '../bridge/views.ts'
import { derived } from '../contributions/registry.ts'
import { onTimeZone } from '../i18n/time-zone.ts'
import { activate, createI18n } from '../i18n/translate.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { useFocusSuccessor } from './focus-successor.ts'
import { useOwnKeys } from './use-own-keys.ts'
import { useTheme } from './use-theme.ts'

const catalogs = derived((contributions) => contributions.flatMap(({ words }) => words ?? []))

/** What every window's page has: the person's language, theme and keys, and something to show where drawing fails. */
export function Page({ children }: { children: ReactNode }) {
  const { language } = usePreferences()
  const [i18n] = useState(() => createI18n(language, catalogs()))
  useLayoutEffect(() => {
    if (i18n.locale !== language) activate(i18n, language)
    document.documentElement.lang = language === 'es' ? 'es-MX' : 'en'
  }, [i18n, language])
  // Whoever shows words may show times among them, and draws again.
  useEffect(() => onTimeZone(() => activate(i18n, language)), [i18n, language])
  useTheme()
  useOwnKeys()
  useFocusSuccessor()
  return (
    <I18nProvider i18n={i18n}>
      <TooltipProvider>
        <ErrorBoundary>{children}</ErrorBoundary>
      </TooltipProvider>
    </I18nProvider>
  )
}
