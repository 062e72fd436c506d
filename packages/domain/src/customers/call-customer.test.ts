import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { callPerson, isolated, shownName } from '../people/names.ts'
import { callCustomer, showIdentity } from './call-customer.ts'

const customer = (name: string | null, externalId = '+5215550123456', channel = 'whatsapp') =>
  callCustomer({ name, channel, externalId, identities: [{ externalId }] })

describe('how a customer is called', () => {
  test('by the name they gave', () => {
    expect(customer('  Lucía \n Barrientos ')).toBe('Lucía Barrientos')
  })

  test.each([
    ['nobody knows', null],
    ['shows nothing', '\u200B\u3164\u2800\u00AD\u{E0061}'],
    ['is a dot', '.'],
    ['is marks without a letter', '\u0301\u0302'],
  ])('by the number, in its groups, where the name %s', (_why, name) => {
    expect(customer(name)).toBe('+52 55 5012 3456')
    expect(customer(name, '+13125550123')).toBe('+1 312 555 0123')
    expect(customer(name, '+447700900123')).toBe('+44 7700 900123')
  })

  test('by the number that is known beside another identity', () => {
    expect(
      callCustomer({
        name: null,
        channel: 'whatsapp',
        externalId: 'MX.134912086553',
        identities: [{ externalId: 'MX.134912086553' }, { externalId: '+525550123456' }],
      }),
    ).toBe('+52 55 5012 3456')
  })

  test('by a word that tells them apart where there is neither, in every language', () => {
    expect(customer(null, 'MX.134912086553')).toBe('WhatsApp …6553')
    expect(customer(null, 'b2f1c0de-77aa', 'chat_app')).toBe('App …77AA')
  })

  test('never by nothing, and never by what turns the line around or cannot be seen', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.array(
          fc.constantFrom(
            '\u202E',
            '\u2066',
            '\u200F',
            '\u200D',
            '\uFE0F',
            '\u3164',
            'a',
            'ش',
            '👩',
          ),
        ),
        (anything, mixed) => {
          const called = customer(anything + mixed.join(''))
          expect(called.replace(/^\u2068|\u2069$/g, '')).not.toMatch(
            /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\u3164\p{Cc}]/u,
          )
          expect(called).toMatch(/[\p{L}\p{N}\p{So}\p{Emoji}]/u)
          // Whoever shows it once more changes nothing.
          expect(customer(called.replace(/^\u2068|\u2069$/g, ''))).toBe(called)
        },
      ),
    )
  })

  test('with the emoji, the Persian and the Hindi that they wrote whole', () => {
    const whole = ['👩‍👩‍👧 Ana', 'علی\u200Cرضا', 'क्‍ष', '🏴󠁧󠁢󠁳󠁣󠁴󠁿 Fiona', '❤️ Sol', '🇲🇽 Pepe']
    expect(whole.map(shownName)).toEqual(whole.map((name) => name.normalize('NFC')))
  })

  test('apart from somebody who hides a joiner in the same name', () => {
    expect(shownName('Ana\u200D Sol\u200Cís')).toBe('Ana Solís')
  })

  test('without a tower of marks over the lines above', () => {
    expect(shownName(`A${'\u0336'.repeat(50)}na`)).toBe(`A${'\u0336'.repeat(4)}na`)
  })

  test('in Arabic beside a time, so that the time stays where it is', () => {
    expect(customer('محمد علي')).toBe('\u2068محمد علي\u2069')
    expect(isolated(customer('محمد علي'))).toBe('\u2068محمد علي\u2069')
    expect(customer('\u202Egro.elpmaxe')).toBe('gro.elpmaxe')
    // Words, which are shown as they were written, turn nothing but themselves.
    expect(isolated('\u2069\u202Eabc')).toBe('\u2068\u202Eabc\u2069')
  })
})

test('a colleague is called by name, and never by nothing', () => {
  expect(callPerson({ id: 'x-1234', fullName: ' Mariana  Solís ' })).toBe('Mariana Solís')
  expect(callPerson({ id: 'ab-12cd', fullName: '\u200B' })).toBe('…12CD')
})

test('identities: numbers in groups, others as they are', () => {
  expect(showIdentity('+5215550123456')).toBe('+52 55 5012 3456')
  expect(showIdentity('@lucia.b')).toBe('@lucia.b')
  expect(showIdentity('+52')).toBe('+52')
})
