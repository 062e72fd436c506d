import { SlidersHorizontal } from 'lucide-react'

import { RailItem } from '../../app/rail-item.tsx'
import { useViewState } from '../../app/view-state.ts'
import { useShell } from '../../app/window-controls.tsx'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { usePreferences } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuChoice, MenuHeading, MenuItem, MenuNote, MenuRule } from '../../ui/menu.tsx'
import { LanguageChoices } from './language-choices.tsx'
import { SpellingChoices } from './spelling-choices.tsx'

/** One's account; theme, language and spelling: what a person sets for this computer. */
export function SettingsMenu() {
  const t = useTranslate()
  const ask = useAsk()
  const { theme } = usePreferences()
  const shell = useShell()
  const openDialog = useViewState((state) => state.openDialog)
  return (
    <Menu
      side="top"
      align="start"
      label={t('settings.title')}
      trigger={<RailItem icon={<Icon of={SlidersHorizontal} />} label={t('settings.title')} />}
    >
      <MenuItem onSelect={() => openDialog({ kind: 'account' })}>{t('account.open')}</MenuItem>
      <MenuRule />
      <MenuHeading>{t('settings.theme')}</MenuHeading>
      {(['system', 'light', 'dark'] as const).map((choice) => (
        <MenuChoice
          key={choice}
          checked={choice === theme}
          onSelect={() => void ask('preferences.set', { theme: choice })}
        >
          {t(`theme.${choice}`)}
        </MenuChoice>
      ))}
      <MenuHeading>{t('settings.language')}</MenuHeading>
      <LanguageChoices />
      <SpellingChoices hasLanguages={shell?.platform !== 'darwin'} />
      {shell && (
        <>
          <MenuRule />
          <MenuNote>{t('settings.version', { version: shell.version })}</MenuNote>
        </>
      )}
    </Menu>
  )
}
