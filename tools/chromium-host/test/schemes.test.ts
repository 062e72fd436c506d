import { beforeAll, describe, expect, it } from 'vitest'
import { resolveLocale } from '../src/app/locale.ts'
import { originOf, schemes, toAppUrl, toChromiumUrl } from '../src/web/schemes.ts'

describe('schemes', () => {
  beforeAll(() => schemes.register('app'))

  it.each([
    ['app://parley/index.html?x=1#/inbox', 'http://parley.app.localhost/index.html?x=1#/inbox'],
    ['app://parley/', 'http://parley.app.localhost/'],
    ['file:///tmp/index.html', 'file:///tmp/index.html'],
    ['https://example.com/', 'https://example.com/'],
  ])('%s goes to Chromium and comes back', (url, inChromium) => {
    expect(toChromiumUrl(url)).toBe(inChromium)
    expect(toAppUrl(inChromium)).toBe(url)
  })

  it('gives a bare host its path', () => {
    expect(toChromiumUrl('app://parley')).toBe('http://parley.app.localhost/')
    expect(toAppUrl('http://parley.app.localhost')).toBe('app://parley/')
  })

  it('leaves strangers alone', () => {
    expect(toAppUrl('http://parley.other.localhost/')).toBe('http://parley.other.localhost/')
    expect(toAppUrl('http://evil.example/parley.app.localhost/')).toBe(
      'http://evil.example/parley.app.localhost/',
    )
    expect(toAppUrl('http://parley.app.localhost.evil.example/')).toBe(
      'http://parley.app.localhost.evil.example/',
    )
    expect(() => toChromiumUrl('app:///index.html')).toThrow('needs a host')
  })

  it.each([
    ['app://parley/index.html', 'app://parley'],
    ['https://example.com/x', 'https://example.com'],
    ['data:text/html,x', 'null'],
    ['', 'null'],
  ])('the origin of %s is %s', (url, origin) => {
    expect(originOf(url)).toBe(origin)
  })
})

describe('locale', () => {
  it.each([
    [{}, 'en-US'],
    [{ LANG: 'C.UTF-8' }, 'en-US'],
    [{ LANG: 'de_AT.UTF-8' }, 'de'],
    [{ LANG: 'en_GB.UTF-8' }, 'en-GB'],
    [{ LANG: 'de_DE', LC_ALL: 'pt_BR' }, 'pt-BR'],
  ])('%o is %s', (env, locale) => {
    expect(resolveLocale(undefined, env as NodeJS.ProcessEnv)).toBe(locale)
  })

  it('follows --lang before anything else', () => {
    expect(resolveLocale('fr', { LANG: 'de_DE' } as NodeJS.ProcessEnv)).toBe('fr')
  })
})
