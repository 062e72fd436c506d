import type { UiLanguage } from '@parley/contracts'

/** Each in its own language, so that whoever needs it can read it. */
export const LANGUAGE_NAMES: Record<UiLanguage, string> = { es: 'Español (México)', en: 'English' }
