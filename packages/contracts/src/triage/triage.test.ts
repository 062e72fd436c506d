import { expect, test } from 'vitest'

import { saveModelInput } from './api.ts'

test('an address that is none, or has more than an endpoint needs, is refused and named', () => {
  const problemsOf = (baseUrl: string): unknown[] => {
    const parsed = saveModelInput.safeParse({ settings: { baseUrl } })
    return (parsed.error?.issues ?? []).filter(({ path }) => path.at(-1) === 'baseUrl')
  }
  for (const wrong of [
    '',
    'models.example.com',
    'ftp://models.example.com',
    'https://me:secret@x.com',
  ]) {
    expect(problemsOf(wrong)).toHaveLength(1)
  }
  expect(problemsOf('https://models.example.com/v1?key=1')).toHaveLength(1)
  expect(problemsOf('https://models.example.com')).toEqual([])
})
