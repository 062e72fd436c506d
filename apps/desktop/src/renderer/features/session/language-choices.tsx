import type { UiLanguage } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useLanguage } from '../../i18n/use-translate.tsx'
import { MenuChoice } from '../../ui/menu.tsx'

/** Each in its own language, so that whoever needs it can read it. */
export const LANGUAGE_NAMES: Record<UiLanguage, string> = { es: 'Español (México)', en: 'English' }

export function LanguageChoices() {
  const ask = useAsk()
  const present = useLanguage()
  return (['es', 'en'] as const).map((language) => (
    <MenuChoice
      key={language}
      checked={language === present}
      onSelect={() => void ask('preferences.set', { language })}
    >
      <span lang={language}>{LANGUAGE_NAMES[language]}</span>
    </MenuChoice>
  ))
}
