import type { UiLanguage } from '@parley/contracts'

/**
 * Whether a conversation's language is worth a mark. The workstation's own language is the best that is
 * known of what its agent speaks; Spanish is everybody's here.
 */
export function isAnotherLanguage(language: string, workstation: UiLanguage): boolean {
  const primary = language.split('-')[0]?.toLowerCase()
  return primary !== 'es' && primary !== workstation
}
