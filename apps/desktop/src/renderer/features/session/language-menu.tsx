import { ChevronDown, Globe } from 'lucide-react'

import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { LANGUAGE_NAMES, LanguageChoices } from './language-choices.tsx'

export function LanguageMenu() {
  const t = useTranslate()
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
      <LanguageChoices />
    </Menu>
  )
}
