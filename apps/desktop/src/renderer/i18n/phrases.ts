import { agoWords, sinceWords, untilWords, whenWords, withinWords } from '@parley/domain'

import { type Translate } from './translate.ts'

/**
 * Times in sentences, with the words that they need before them: messages have a place for the whole phrase, so that
 * none says "at" before another day's name. All instants in epoch milliseconds.
 */

type Phrase = (at: number, t: Translate, now?: number) => string

/** a las 16:57 · ayer a las 16:57 · el jue 26 a las 16:57 */
export const when: Phrase = (at, t, now = Date.now()) =>
  whenWords({ at, now, language: t.language })

/** desde las 16:57 · desde el jue 26 a las 16:57 */
export const since: Phrase = (at, t, now = Date.now()) =>
  sinceWords({ at, now, language: t.language })

/** hasta las 16:57 · hasta mañana a las 9:00 */
export const until: Phrase = (at, t, now = Date.now()) =>
  untilWords({ at, now, language: t.language })

/** hace un momento · hace 6 min */
export const ago: Phrase = (at, t, now = Date.now()) => agoWords(now - at, t.language)

/** en menos de 1 min · en 6 min */
export const within: Phrase = (at, t, now = Date.now()) => withinWords(at - now, t.language)
