import type { UiLanguage } from '@parley/contracts'

import { LOCALES } from './locales.ts'

/** As the messages' own plurals have it: thousands apart. */
const FORMATS: Record<UiLanguage, Intl.NumberFormat> = {
  es: new Intl.NumberFormat(LOCALES.es),
  en: new Intl.NumberFormat(LOCALES.en),
}

/** 22,197 */
export const wholeNumber = (count: number, language: UiLanguage): string =>
  FORMATS[language].format(count)
