import { LANGUAGE_SKILLS } from '@parley/domain'

/** What was typed as the name that is stored: Atención VIP is atencion_vip. Null where nothing is left of it. */
export function skillName(typed: string): string | null {
  const name = typed
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 100)
  return name === '' ? null : name
}

/** Every skill that anybody has or that was added, languages first: they decide before the others. */
export function skillsOf(
  people: readonly Record<string, number>[],
  added: readonly string[],
): string[] {
  const all = new Set([...people.flatMap((skills) => Object.keys(skills)), ...added])
  const rank = (skill: string) => (LANGUAGE_SKILLS.has(skill) ? 0 : 1)
  return [...all].toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}
