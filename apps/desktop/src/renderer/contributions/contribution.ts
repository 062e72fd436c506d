import type { UiLanguage } from '@parley/contracts'

/** What a feature brings to the window. Its `index.ts` exports it, `features.ts` lists it. */
export interface Contribution {
  /** By id; `words.es.ts` is the source. */
  words?: Catalogs
}

export type Catalogs = Record<UiLanguage, Readonly<Record<string, string>>>
