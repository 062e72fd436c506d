import type { AppError } from '@parley/contracts'

import { useErrorWords } from '../bridge/use-error-words.ts'
import { type NoticePlace, notify } from './notice-state.ts'

/** Says why something could not be done, beside where it was asked. */
export function useNotifyRefusal(): (error: AppError, place?: NoticePlace) => void {
  const wordsOf = useErrorWords()
  return (error, place = 'window') => notify(place, wordsOf(error))
}
