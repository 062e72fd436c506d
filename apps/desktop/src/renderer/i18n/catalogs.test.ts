import { compileMessage } from '@lingui/message-utils/compileMessage'
import { describe, expect, it } from 'vitest'

import { en } from './messages/en.ts'
import { es } from './messages/es.ts'
import { createI18n, translateWith } from './translate.ts'

const sources = import.meta.glob<string>(
  ['../**/*.{ts,tsx}', '!../**/*.test.ts', '!./messages/*'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
)

/** Names in braces and tags, wherever they stand in the message. */
function placesOf(message: string): string[] {
  const names = [...message.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? '')
  const tags = [...message.matchAll(/<(\w+)>/g)].map((match) => `<${match[1] ?? ''}>`)
  return [...new Set([...names, ...tags])].toSorted()
}

describe('the catalogs', () => {
  it('have the same keys', () => {
    expect(Object.keys(en).toSorted()).toEqual(Object.keys(es).toSorted())
  })

  it.each(Object.keys(es) as (keyof typeof es)[])('%s has the same places in both', (id) => {
    expect(placesOf(en[id])).toEqual(placesOf(es[id]))
  })

  it('are valid messages without empty ones', () => {
    for (const message of [...Object.values(es), ...Object.values(en)]) {
      expect(message.trim()).not.toBe('')
      expect(() => compileMessage(message)).not.toThrow()
      expect(compileMessage(message)).not.toBe('')
    }
  })

  it('keep to the wording: no exclamation marks, no capitals for shouting', () => {
    for (const message of [...Object.values(es), ...Object.values(en)]) {
      expect(message).not.toMatch(/[¡!]/)
      expect(message).not.toMatch(/\b[A-ZÁÉÍÓÚÑ]{6,}\b/)
    }
  })

  it('hold nothing that no component asks for', () => {
    const code = Object.values(sources).join('\n')
    // Ids put together from a name and a value: `presence.${status}`.
    const prefixes = [...code.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map((match) => match[1] ?? '')
    const unused = Object.keys(es).filter(
      (id) =>
        !code.includes(`'${id}'`) &&
        !code.includes(`id="${id}"`) &&
        !prefixes.some((prefix) => id.startsWith(prefix)),
    )
    expect(unused).toEqual([])
  })
})

describe('translating', () => {
  it('fills in and agrees in number, in the language of the moment', () => {
    const i18n = createI18n('es')
    expect(translateWith(i18n)('list.changes', { count: 1 })).toBe('1 cambio')
    expect(translateWith(i18n)('list.changes', { count: 3 })).toBe('3 cambios')
    i18n.activate('en')
    expect(translateWith(i18n)('list.changes', { count: 3 })).toBe('3 changes')
  })

  it('says what waits while offline', () => {
    const t = translateWith(createI18n('es'))
    expect(t('offline.waits', { waiting: 3, refused: 1 })).toBe(
      '3 acciones esperan; 1 por decidir.',
    )
    expect(t('offline.waits', { waiting: 1, refused: 0 })).toBe('1 acción espera.')
    expect(t('offline.waits', { waiting: 0, refused: 2 })).toBe('Nada espera; 2 por decidir.')
  })
})
