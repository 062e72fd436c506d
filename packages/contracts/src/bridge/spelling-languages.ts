/** Those in which spelling can be checked, by the names that Chromium has for them. */
export const SPELLING_LANGUAGES = ['es-MX', 'en-US', 'en-GB', 'pt-BR', 'fr', 'de', 'it'] as const
