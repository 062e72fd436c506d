import { type MessageId, type Translate } from '../i18n/translate.ts'

const KNOWN: Record<string, MessageId> = {
  spanish: 'skill.spanish',
  english: 'skill.english',
  portuguese: 'skill.portuguese',
  french: 'skill.french',
  german: 'skill.german',
  italian: 'skill.italian',
  billing: 'skill.billing',
  technical_support: 'skill.technical_support',
}

/** Teams name skills themselves; what we do not know is shown as they wrote it. */
export function skillWords(skill: string, t: Translate): string {
  const known = KNOWN[skill]
  return known === undefined ? skill.replaceAll('_', ' ') : (t as (id: MessageId) => string)(known)
}

/** inglés 3, facturación 2 */
export function skillList(skills: Readonly<Record<string, number>>, t: Translate): string {
  return Object.entries(skills)
    .map(([skill, level]) => `${skillWords(skill, t)} ${level}`)
    .join(', ')
}
