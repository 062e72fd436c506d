/** What a company stores of its customers is free JSON; shown are the plain values, under readable names. */
export interface CustomerFact {
  name: string
  value: string
}

export function customerFacts(metadata: Record<string, unknown>): CustomerFact[] {
  return Object.entries(metadata).flatMap(([key, value]) => {
    const shown = plain(value)
    return shown === null ? [] : [{ name: readable(key), value: shown }]
  })
}

function plain(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    const parts = value.map(plain).filter((part) => part !== null)
    return parts.length === 0 ? null : parts.join(', ')
  }
  return null
}

/** account_tier, accountTier → Account tier */
function readable(key: string): string {
  const words = key
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
