import { describe, expect, it } from 'vitest'

import { splitLinks } from './split-links.ts'

describe('addresses in messages', () => {
  it('are cut out without the punctuation of the sentence', () => {
    expect(splitLinks('Mira https://a.example/x?b=1, gracias')).toEqual([
      { text: 'Mira ', url: null },
      { text: 'https://a.example/x?b=1', url: 'https://a.example/x?b=1' },
      { text: ', gracias', url: null },
    ])
    expect(splitLinks('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)', url: null }])
  })
})
