import { beforeEach, describe, expect, it, vi } from 'vitest'

import { resetElectron, shell } from './electron.fake.ts'
import { ExternalLinks, openSignOn } from './external-links.ts'
import { recordLog } from './log.fake.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const open = (
  url: string,
  isAskedFor: () => Promise<boolean>,
  log = recordLog(),
): Promise<boolean> => new ExternalLinks(log).open(url, isAskedFor)
const clicked = async (): Promise<boolean> => true

beforeEach(resetElectron)

describe('a link that a person clicks', () => {
  it.each([
    'https://example.com/a?b=1',
    'http://example.com/',
    'mailto:a@example.com',
    'tel:+525512345678',
  ])('goes to the system: %s', async (url) => {
    expect(await open(url, clicked)).toBe(true)
    expect(shell.opened).toEqual([url])
  })

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'ms-msdt:/id',
    'parley://conversation/1',
    'app://parley/index.html',
    'about:blank',
    'mailto:a@example.com?attach=/etc/passwd',
    '',
    `https://example.com/${'a'.repeat(2048)}`,
    'https://known.example@evil.example/',
    'https://аррӏе.com/',
    'https://evil.example/\u202Egnp.exe',
  ])('goes nowhere, whatever the page thinks of it: %s', async (url) => {
    const log = recordLog()
    expect(await open(url, clicked, log)).toBe(false)
    expect(shell.opened).toEqual([])
    expect(log.lines).toMatchObject([{ level: 'warn' }])
    expect(JSON.stringify(log.lines)).not.toContain('example')
  })

  it('is told to the page where the system could not open it', async () => {
    shell.failure = new Error('no browser')
    await expect(open('https://example.com/', clicked)).rejects.toThrow()
  })
})

it('a link that nobody clicked is not opened', async () => {
  const log = recordLog()
  expect(await open('https://example.com/', async () => false, log)).toBe(false)
  expect(shell.opened).toEqual([])
})

it('links that are opened as fast as a page can ask are few, and a person who goes on reading is not kept', async () => {
  let nowMs = 0
  const links = new ExternalLinks(recordLog(), () => nowMs)
  const openMany = async (count: number): Promise<number> => {
    shell.opened = []
    for (let n = 0; n < count; n += 1) await links.open(`https://example.com/${n}`, clicked)
    return shell.opened.length
  }
  expect(await openMany(20)).toBe(3)
  nowMs += 15_000
  expect(await openMany(20)).toBe(3)
  nowMs += 15_000
  for (let n = 0; n < 10; n += 1) {
    nowMs += 6000
    expect(await openMany(1)).toBe(1)
  }
})

describe('a page of single sign-on', () => {
  it('is given to the browser', async () => {
    await openSignOn('https://parley.example/sso/start?provider=a&port=45123')
    expect(shell.opened).toEqual(['https://parley.example/sso/start?provider=a&port=45123'])
  })

  it.each([
    'file:///sso/start',
    'javascript:alert(1)//sso/start',
    'https://parley.example/elsewhere',
    'https://parley.example/?next=/sso/start',
    'nothing',
  ])('is not %s', async (url) => {
    await expect(openSignOn(url)).rejects.toThrow(/no page|Invalid URL/)
    expect(shell.opened).toEqual([])
  })
})
