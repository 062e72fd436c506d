import type { UiLanguage } from '@parley/contracts'

/** How each is written. English the British way round (20 Nov), which is also how the agents' Spanish has it. */
export const LOCALES: Record<UiLanguage, string> = { es: 'es-MX', en: 'en-GB' }
