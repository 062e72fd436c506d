import type { AppError } from '@parley/contracts'

import { useTranslate } from '../i18n/use-translate.tsx'
import { type Words, errorWords } from './error-words.ts'
import { useDirectory } from './views.ts'

/** Expected failures in the words of the signed-in person, with names. */
export function useErrorWords(): (error: AppError) => Words {
  const t = useTranslate()
  const { people } = useDirectory()
  return (error) => errorWords(error, t, people)
}
