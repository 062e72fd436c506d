import { type I18n, setupI18n } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import type { UiLanguage } from '@parley/contracts'
import { isolated } from '@parley/domain'

import { type Words } from '../contributions/contributed.ts'
import { type Catalogs } from '../contributions/contribution.ts'
import { LOCALES } from './locales.ts'

/**
 * Every word of the workstation stands in the `words.es.ts` of its feature, in Mexican Spanish, and in
 * `words.en.ts` beside it; the compiler refuses a missing one and `catalogs.test.ts` compares what stands in
 * braces.
 *
 * Messages are ICU: `{name}` is filled in, `{count, plural, …}` agrees in number, `<b>…</b>` is bold.
 */
export type MessageId = keyof Words
export type Values = Record<string, string | number>

/** Values are asked for exactly where the message has a place for them. */
type ValuesOf<Id extends MessageId> = Words[Id] extends `${string}{${string}`
  ? [values: Values]
  : []

export interface Translate {
  <Id extends MessageId>(id: Id, ...values: ValuesOf<Id>): string
  readonly language: UiLanguage
}

/** For messages by table: each takes of the values what it has a place for. */
export const fill = (t: Translate, id: MessageId, values: Values): string =>
  (t as (id: MessageId, values: Values) => string)(id, values)

/** All catalogs, compiled once at the start: switching is then instant and asks nothing of anybody. */
export function createI18n(language: UiLanguage, catalogs: readonly Catalogs[]): I18n {
  const i18n = setupI18n({
    missing: (_locale, id) => {
      throw new Error(`message ${id} is missing`)
    },
  })
  for (const catalog of catalogs) {
    for (const [locale, words] of Object.entries(catalog)) i18n.load(locale, compiled(words))
  }
  activate(i18n, language)
  return i18n
}

/** Numbers in sentences are those of the country, and not of the language's own: 22,200 and not 22.200. */
export const activate = (i18n: I18n, language: UiLanguage): void =>
  i18n.activate(language, [LOCALES[language]])

const compiled = (words: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(words).map(([id, text]) => [id, compileMessage(text)]))

export function translateWith(i18n: I18n): Translate {
  const translate: Omit<Translate, 'language'> = (id: MessageId, values?: Values) =>
    i18n._(id, values && inTheirPlace(values))
  return Object.assign(translate as Translate, {
    language: i18n.locale === 'en' ? ('en' as const) : ('es' as const),
  })
}

/** Words of another direction, which names, teams and tags may be, leave the sentence around them as it is. */
export const inTheirPlace = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? isolated(value) : value,
    ]),
  )
