import { containsPhrase } from './words.ts'

export const LANGUAGES = ['es', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const LANGUAGE_WORDS: Record<Language, readonly string[]> = {
  es: [
    'hola',
    'buenos',
    'buenas',
    'gracias',
    'por favor',
    'que',
    'como',
    'para',
    'mi',
    'el',
    'la',
    'los',
    'de',
    'una',
    'quiero',
    'necesito',
    'tengo',
    'puedo',
    'donde',
    'cuando',
    'es',
    'con',
  ],
  en: [
    'hello',
    'hi',
    'thanks',
    'thank',
    'please',
    'the',
    'my',
    'is',
    'how',
    'what',
    'where',
    'when',
    'i',
    'need',
    'want',
    'have',
    'can',
    'you',
    'with',
    'for',
    'and',
    'to',
  ],
}

/** Spanish, unless more English words than Spanish ones are there. */
export function guessLanguage(words: string): { value: Language; matched: string[] } {
  const spanish = LANGUAGE_WORDS.es.filter((word) => containsPhrase(words, word))
  const english = LANGUAGE_WORDS.en.filter((word) => containsPhrase(words, word))
  return english.length > spanish.length
    ? { value: 'en', matched: english }
    : { value: 'es', matched: spanish }
}
