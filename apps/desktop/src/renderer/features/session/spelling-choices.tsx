import { SPELLING_LANGUAGES } from '@parley/contracts/values'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { usePreferences } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { MenuChoice, MenuHeading } from '../../ui/menu.tsx'

/**
 * Whether what is written is checked, and in which languages at once.
 *
 * @param hasLanguages false where the system finds out by itself
 */
export function SpellingChoices({ hasLanguages }: { hasLanguages: boolean }) {
  const t = useTranslate()
  const ask = useAsk()
  const { checksSpelling, spellingLanguages } = usePreferences()
  return (
    <>
      <MenuHeading>{t('settings.spelling')}</MenuHeading>
      <MenuChoice
        checked={checksSpelling}
        staysOpen
        onSelect={() => void ask('preferences.set', { checksSpelling: !checksSpelling })}
      >
        {t('settings.checksSpelling')}
      </MenuChoice>
      {hasLanguages &&
        checksSpelling &&
        SPELLING_LANGUAGES.map((language) => {
          const isChecked = spellingLanguages.includes(language)
          return (
            <MenuChoice
              key={language}
              checked={isChecked}
              staysOpen
              onSelect={() =>
                void ask('preferences.set', {
                  spellingLanguages: SPELLING_LANGUAGES.filter((one) =>
                    one === language ? !isChecked : spellingLanguages.includes(one),
                  ),
                })
              }
            >
              {t(`spelling.${language}`)}
            </MenuChoice>
          )
        })}
    </>
  )
}
