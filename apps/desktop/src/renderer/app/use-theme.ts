import { useLayoutEffect } from 'react'

import { usePreferences } from '../bridge/views.ts'

const systemIsDark = () => matchMedia('(prefers-color-scheme: dark)')

/** Puts the theme on the root element; `system` follows the computer while it runs. */
export function useTheme(): void {
  const { theme } = usePreferences()
  useLayoutEffect(() => {
    const dark = systemIsDark()
    const apply = () => {
      document.documentElement.dataset['theme'] =
        theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
    }
    apply()
    dark.addEventListener('change', apply)
    return () => dark.removeEventListener('change', apply)
  }, [theme])
}

export function isDarkNow(theme: 'system' | 'light' | 'dark'): boolean {
  return theme === 'dark' || (theme === 'system' && systemIsDark().matches)
}
