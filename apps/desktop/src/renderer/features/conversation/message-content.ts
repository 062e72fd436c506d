import { record } from '../../bridge/free-json.ts'

/** What a placeholder can tell of something that is not text, beside its name. */
export interface ContentFacts {
  /** A file's name, a place's name, whose contact it is. */
  name: string | null
  detail: string | null
  /** Of an order. */
  items?: number
}

/**
 * Reads what channels send. Providers nest it under the type (`{ document: { filename } }`) or give it
 * flat; what is absent or odd is simply not shown.
 */
export function contentFacts(contentType: string, content: Record<string, unknown>): ContentFacts {
  const nested = content[contentType]
  const inner = record(nested) ?? content
  switch (contentType) {
    case 'document':
    case 'file':
      return { name: words(inner, 'filename', 'file_name', 'name'), detail: size(inner) }
    case 'location':
      return { name: words(inner, 'name', 'address'), detail: coordinates(inner) }
    case 'contacts':
      return { name: contactNames(nested ?? content['contacts']), detail: null }
    case 'reaction':
      return { name: words(inner, 'emoji'), detail: null }
    case 'audio':
    case 'voice':
    case 'video':
      return { name: null, detail: length(inner) }
    case 'interactive':
    case 'button': {
      const reply = record(inner['button_reply']) ?? record(inner['list_reply']) ?? inner
      return { name: words(reply, 'title', 'text'), detail: words(reply, 'description') }
    }
    case 'order': {
      const items = inner['product_items']
      return { name: null, detail: null, ...(Array.isArray(items) ? { items: items.length } : {}) }
    }
    case 'template':
      return { name: words(inner, 'name'), detail: null }
    case 'system':
      return { name: words(inner, 'body'), detail: null }
    default:
      return { name: null, detail: null }
  }
}

function words(from: Record<string, unknown>, ...names: string[]): string | null {
  for (const name of names) {
    const value = from[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return null
}

function number(from: Record<string, unknown>, ...names: string[]): number | null {
  for (const name of names) {
    const value = from[name]
    if (typeof value === 'number' && Number.isFinite(value)) return value
  }
  return null
}

function size(from: Record<string, unknown>): string | null {
  const bytes = number(from, 'file_size', 'size')
  if (bytes === null) return null
  return bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000))} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function length(from: Record<string, unknown>): string | null {
  const seconds = number(from, 'duration', 'seconds')
  if (seconds === null) return null
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}

function coordinates(from: Record<string, unknown>): string | null {
  const latitude = number(from, 'latitude')
  const longitude = number(from, 'longitude')
  return latitude === null || longitude === null
    ? null
    : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
}

function contactNames(value: unknown): string | null {
  if (!Array.isArray(value)) return null
  const names = value
    .map((contact) => {
      const entry = record(contact)
      return entry && words(record(entry['name']) ?? entry, 'formatted_name', 'first_name', 'name')
    })
    .filter((name) => name !== null)
  return names.length > 0 ? names.join(', ') : null
}
