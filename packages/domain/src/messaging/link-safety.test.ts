import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { LONGEST_LINK, inspectLink } from './link-safety.ts'

const dangerOf = (written: string) => inspectLink(written)?.danger

describe('an address in a message', () => {
  test.each([
    'https://known.example/a(b)?q=1#c',
    'HTTPS://Known.Example:8443/x',
    'https://münchen.de/straße',
    'https://niño.mx',
    'https://例え.jp/パス',
    'https://пример.рф/путь',
    'https://ar.wikipedia.org/wiki/القاهرة',
    'http://192.168.1.1/x',
    'https://known.example/@somebody/post',
  ])('that leads where it says may be opened: %s', (written) => {
    expect(dangerOf(written)).toBeNull()
  })

  test.each([
    ['credentials', 'https://known.example@evil.example/'],
    ['credentials', 'https://known.example:443@evil.example'],
    ['credentials', 'https://@evil.example/'],
    ['hidden', 'https://evil.example/\u202Egnp.exe'],
    ['hidden', 'https://known\u200B.example/'],
    ['hidden', 'https://evil.example/\u2066known.example'],
    ['look_alike', 'https://аррӏе.com'],
    ['look_alike', 'https://googłe.com'],
    ['look_alike', 'https://ġoogle.com'],
    ['look_alike', 'https://bank.com.ー.jp'],
    ['look_alike', 'https://example.com。evil.example'],
    ['look_alike', 'https://pаypal.com'],
    ['look_alike', 'http://xn--80ak6aa92e.com'],
    ['look_alike', 'https://ｋｎｏｗｎ.example'],
    ['look_alike', 'https://known.example\\.evil.example'],
    ['look_alike', 'https://%65vil.example'],
    ['look_alike', 'http://0x7f.1/'],
    ['look_alike', 'https://googlе.com'],
    ['look_alike', 'https://ɡoogle.com'],
    ['look_alike', 'https://αλφα.com'],
  ])('that deceives by %s is not opened: %s', (danger, written) => {
    expect(dangerOf(written)).toBe(danger)
  })

  test('is said to be too long by what would be opened', () => {
    const long = (length: number) => 'https://a.example/'.padEnd(length, 'x')
    expect(dangerOf(long(LONGEST_LINK))).toBeNull()
    expect(dangerOf(long(LONGEST_LINK + 1))).toBe('too_long')
  })

  test('says the host that it really leads to', () => {
    expect(inspectLink('https://known.example@evil.example/x')?.host).toBe('evil.example')
    expect(inspectLink('https://аррӏе.com')?.host).toBe('xn--80ak6aa92e.com')
  })

  test('is none where it is not of the web', () => {
    for (const other of ['javascript:alert(1)', 'file:///etc/passwd', 'tel:1', 'https://', '']) {
      expect(inspectLink(other)).toBeNull()
    }
  })

  test('is opened only at the host that can be read in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (middle) => {
        const link = inspectLink(`https://${middle}.example/`)
        if (link === null || link.danger !== null) return
        const host = new URL(link.url).hostname
        const read = `https://${middle}.example/`.slice('https://'.length).split(/[/?#]/)[0] ?? ''
        if (/^[\x21-\x7e]*$/.test(read)) {
          expect(read.toLowerCase().replace(/:\d*$/, '')).toBe(host)
        }
      }),
    )
  })
})
