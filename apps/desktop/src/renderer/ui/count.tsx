import { wholeNumber } from '../i18n/numbers.ts'
import { useLanguage, useTranslate } from '../i18n/use-translate.tsx'
import { OnlyRead } from './only-read.tsx'

/** A number as the language writes it; where there may be more, which only the server knows, with a sign of it. */
export function Count({ of, isAtLeast = false }: { of: number; isAtLeast?: boolean }) {
  const t = useTranslate()
  const language = useLanguage()
  return (
    <>
      {isAtLeast && <OnlyRead>{t('rail.atLeast')} </OnlyRead>}
      {wholeNumber(of, language)}
      {isAtLeast && <span aria-hidden="true">+</span>}
    </>
  )
}
