/** Metadata and contents are free JSON, written by other versions and other programs too: read as far as it is what it should be. */

export function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

/** A text that is not empty. */
export function field(value: unknown, name: string): string | null {
  const found = record(value)?.[name]
  return typeof found === 'string' && found !== '' ? found : null
}

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
