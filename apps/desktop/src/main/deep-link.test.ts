import { describe, expect, it } from 'vitest'

import { deepLinkAmong, readDeepLink } from './deep-link.ts'

const ID = '01890a5d-ac96-774b-bcce-b302099a8057'
const TOKEN = 'q3K9_vT-0aZ1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'
const join = (address: string) => `parley://join#${encodeURIComponent(address)}`

describe('a link to a conversation', () => {
  it.each([
    `parley://conversation/${ID}`,
    `parley://conversation/${ID}/`,
    `PARLEY://CONVERSATION/${ID.toUpperCase()}`,
  ])('is %s', (link) =>
    expect(readDeepLink(link)).toEqual({ kind: 'conversation', conversationId: ID }),
  )

  it.each([
    '',
    'parley://',
    'parley://conversation/',
    'parley://conversation/1',
    `parley://conversation/${ID}/../x`,
    `parley://conversation/${ID}?x=1`,
    `parley://conversation/${ID} --inspect`,
    `parley://customer/${ID}`,
    `https://conversation/${ID}`,
    `x parley://conversation/${ID}`,
    `parley://conversation/${'-'.repeat(36)}`,
  ])('is not %j', (link) => expect(readDeepLink(link)).toBeNull())
})

describe('a link to an invitation', () => {
  it.each([
    `https://parley.tlalli.mx/join#${TOKEN}`,
    `http://127.0.0.1:4000/join#${TOKEN}`,
    `https://tlalli.mx/soporte/join#${TOKEN}`,
  ])('is one of %s', (address) => {
    expect(readDeepLink(join(address))).toEqual({ kind: 'invitation', address })
    // As some systems hand it over.
    expect(readDeepLink(join(address).replace('join#', 'join/#'))).toMatchObject({ address })
  })

  it.each([
    'parley://join',
    'parley://join#',
    join('hola'),
    join(TOKEN),
    join(`https://parley.tlalli.mx/#${TOKEN}`),
    join(`https://parley.tlalli.mx/join#short`),
    join(`https://parley.tlalli.mx/join?x=1#${TOKEN}`),
    join(`https://parley.tlalli.mx@evil.example/join#${TOKEN}`),
    join(`https://parley.tlalli.mx\\evil.example/join#${TOKEN}`),
    join(`https://parley.tlalli.mx/join#${TOKEN}\n`),
    join(`javascript:alert(1)//join#${TOKEN}`),
    join(`file:///etc/join#${TOKEN}`),
    join(`https:///join#${TOKEN}`),
    join(`https://a b/join#${TOKEN}`),
    `parley://join#%E0%A4%A`,
    `parley://join#https://parley.tlalli.mx/join#${TOKEN} --inspect`,
    join(`https://${'a'.repeat(2_000)}/join#${TOKEN}`),
    join(`https://parley.tlalli.mx/join#${TOKEN}`) + 'x'.repeat(1_000_000),
  ])('is none of these, number %#', (link) => expect(readDeepLink(link)).toBeNull())

  it('of a megabyte is not looked at', () => {
    const began = performance.now()
    expect(readDeepLink(`parley://join#${'%41'.repeat(350_000)}`)).toBeNull()
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})

it('finds the link among the arguments of a start', () => {
  const argv = [
    '/usr/bin/parley',
    '--user-data-dir=/x',
    'parley://nothing',
    `parley://conversation/${ID}`,
  ]
  expect(deepLinkAmong(argv)).toEqual({ kind: 'conversation', conversationId: ID })
  expect(deepLinkAmong(argv.slice(0, 3))).toBeNull()
})
