import { expect, test } from 'vitest'

import { wholeNumber } from './numbers.ts'
import { translateIn } from './testing/translate-in.ts'

test('a number looks the same wherever it stands', () => {
  for (const language of ['es', 'en'] as const) {
    expect(wholeNumber(22_200, language)).toBe('22,200')
    expect(wholeNumber(1_200, language)).toBe('1,200')
    expect(wholeNumber(39, language)).toBe('39')
    const words = translateIn(language)('list.changes', { count: 22_200 })
    expect(words).toContain(wholeNumber(22_200, language))
  }
})
