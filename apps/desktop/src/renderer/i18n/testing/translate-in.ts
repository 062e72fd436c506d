import type { UiLanguage } from '@parley/contracts'

import { type Catalogs } from '../../contributions/contribution.ts'
import { type Translate, createI18n, translateWith } from '../translate.ts'

type Words = Catalogs[UiLanguage]
const es = import.meta.glob<Words>('../../**/words.es.ts', { eager: true, import: 'es' })
const en = import.meta.glob<Words>('../../**/words.en.ts', { eager: true, import: 'en' })

/** The catalogs of every folder, by its path, without the features themselves: what a test of words needs. */
export const catalogs: ReadonlyMap<string, Catalogs> = new Map(
  Object.entries(es).map(([path, words]) => [
    path.replace('/words.es.ts', ''),
    { es: words, en: en[path.replace('.es.ts', '.en.ts')] ?? {} },
  ]),
)

export const translateIn = (language: UiLanguage): Translate =>
  translateWith(createI18n(language, [...catalogs.values()]))
