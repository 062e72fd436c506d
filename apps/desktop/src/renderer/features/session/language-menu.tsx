import { ChevronDown, Globe } from 'lucide-react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuChoice } from '../../ui/menu.tsx'
import { LANGUAGE_NAMES } from './language-names.ts'

export function LanguageMenu() {
  const t = useTranslate()
  const ask = useAsk()
  const language = useLanguage()
  return (
    <Menu
      label={t('settings.language')}
      trigger={
        <Button
          size="small"
          look="quiet"
          aria-label={`${t('settings.language')}: ${LANGUAGE_NAMES[language]}`}
        >
          <Icon of={Globe} size={14} />
          {LANGUAGE_NAMES[language]}
          <Icon of={ChevronDown} size={14} />
        </Button>
      }
    >
      {(['es', 'en'] as const).map((choice) => (
        <MenuChoice
          key={choice}
          checked={choice === language}
          onSelect={() => void ask('preferences.set', { language: choice })}
        >
          <span lang={choice}>{LANGUAGE_NAMES[choice]}</span>
        </MenuChoice>
      ))}
    </Menu>
  )
}
