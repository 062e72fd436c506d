import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { splitLinks } from './split-links.ts'

/** The addresses that open, as they are read. */
const opens = (text: string): string[] =>
  splitLinks(text).flatMap((part) => (part.link?.danger === null ? [part.text] : []))

describe('addresses in messages', () => {
  it('are cut out without the punctuation of the sentence', () => {
    expect(splitLinks('Mira https://a.example/x?b=1, gracias')).toMatchObject([
      { text: 'Mira ', link: null },
      { text: 'https://a.example/x?b=1', link: { url: 'https://a.example/x?b=1' } },
      { text: ', gracias', link: null },
    ])
  })

  it.each([
    [
      'Es (https://es.wikipedia.org/wiki/Sol_(estrella)).',
      'https://es.wikipedia.org/wiki/Sol_(estrella)',
    ],
    ['https://a.example/[1]/x y', 'https://a.example/[1]/x'],
    ["Ve a https://a.example/it's-here.", "https://a.example/it's-here"],
  ])('keep the brackets and apostrophes that are theirs: %s', (text, address) => {
    expect(opens(text)).toEqual([address])
  })

  it.each(['。', '，', '…', '؟', '।', '」', '»', '”', '！', '、'])(
    'end before the closing mark %s',
    (mark) => expect(opens(`https://a.example/x${mark} y`)).toEqual(['https://a.example/x']),
  )

  it('are known by any writing of the scheme, and by www', () => {
    expect(opens('Https://a.example y HTTPS://B.EXAMPLE/X')).toEqual([
      'Https://a.example',
      'HTTPS://B.EXAMPLE/X',
    ])
    expect(splitLinks('entra a www.example.com/x.')[1]).toMatchObject({
      text: 'www.example.com/x',
      link: { url: 'https://www.example.com/x', danger: null },
    })
  })

  it.each(['javascript:alert(1)', 'hola.me llamo Ana', 'ana@correo.com', 'v1.2.3', 'archivo.mx'])(
    'are none in %s',
    (text) => expect(splitLinks(text)).toEqual([{ text, link: null }]),
  )

  it('that deceive open nothing, and say their host', () => {
    expect(opens('https://known.example@evil.example/ https://аррӏе.com')).toEqual([])
    expect(splitLinks('https://known.example@evil.example/')).toMatchObject([
      { text: 'https://known.example@evil.example/', link: { host: 'evil.example' } },
    ])
  })

  it('are found whole however long they are', () => {
    const address = 'https://a.example/'.padEnd(19_000, 'x')
    expect(splitLinks(`${address} y`)).toMatchObject([
      { text: address, link: { danger: 'too_long' } },
      { text: ' y', link: null },
    ])
  })

  it('leave the text as it is, whatever stands in it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'https://',
        'www.',
        'a.example',
        '@',
        '(',
        ')',
        '。',
        '\u202E',
        ' ',
        '/',
        'ñ',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('')
        const parts = splitLinks(text)
        expect(parts.map((part) => part.text).join('')).toBe(text)
        for (const { link } of parts) if (link !== null) expect(link.url).toMatch(/^https?:/)
      }),
    )
  })
})
