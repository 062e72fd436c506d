import { compileMessage } from '@lingui/message-utils/compileMessage'
import { describe, expect, it } from 'vitest'

import { catalogs, translateIn } from './testing/translate-in.ts'

const sources = import.meta.glob<string>(
  ['../**/*.{ts,tsx}', '!../**/*.test.ts', '!../**/words.*.ts'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
)

const all = [...catalogs].flatMap(([folder, { es, en }]) =>
  Object.entries(es).map(([id, message]) => ({ folder, id, es: message, en: en[id] ?? '' })),
)
const messages = all.flatMap(({ es, en }) => [es, en])

/** Names in braces and tags, wherever they stand in the message. */
function placesOf(message: string): string[] {
  const names = [...message.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? '')
  const tags = [...message.matchAll(/<(\w+)>/g)].map((match) => `<${match[1] ?? ''}>`)
  return [...new Set([...names, ...tags])].toSorted()
}

describe('the catalogs', () => {
  it.each([...catalogs])('%s has the same words in both languages', (_folder, { es, en }) => {
    expect(Object.keys(en).toSorted()).toEqual(Object.keys(es).toSorted())
  })

  it('hold no word twice', () => {
    const ids = all.map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it.each(all)('$id has the same places in both', ({ es, en }) => {
    expect(placesOf(en)).toEqual(placesOf(es))
  })

  it('are valid messages without empty ones', () => {
    for (const message of messages) {
      expect(message.trim()).not.toBe('')
      expect(() => compileMessage(message)).not.toThrow()
      expect(compileMessage(message)).not.toBe('')
    }
  })

  it('keep to the wording: no exclamation marks, no capitals for shouting', () => {
    for (const message of messages) {
      expect(message).not.toMatch(/[¡!]/)
      expect(message).not.toMatch(/\b[A-ZÁÉÍÓÚÑ]{6,}\b/)
    }
  })

  it('hold nothing that no component asks for', () => {
    const code = Object.values(sources).join('\n')
    // Ids put together from a name and a value: `presence.${status}`.
    const prefixes = [...code.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map((match) => match[1] ?? '')
    const unused = all.filter(
      ({ id }) =>
        !code.includes(`'${id}'`) &&
        !code.includes(`id="${id}"`) &&
        !prefixes.some((prefix) => id.startsWith(prefix)),
    )
    expect(unused).toEqual([])
  })
})

describe('translating', () => {
  it('fills in and agrees in number, in the language asked for', () => {
    expect(translateIn('es')('list.changes', { count: 1 })).toBe('1 cambio')
    expect(translateIn('es')('list.changes', { count: 3 })).toBe('3 cambios')
    expect(translateIn('en')('list.changes', { count: 3 })).toBe('3 changes')
  })

  it('says what waits while offline', () => {
    const t = translateIn('es')
    expect(t('offline.waits', { waiting: 3, refused: 1 })).toBe(
      '3 acciones esperan; 1 por decidir.',
    )
    expect(t('offline.waits', { waiting: 1, refused: 0 })).toBe('1 acción espera.')
    expect(t('offline.waits', { waiting: 0, refused: 2 })).toBe('Nada espera; 2 por decidir.')
  })
})
