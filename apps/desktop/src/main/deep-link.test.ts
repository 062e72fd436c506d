import { describe, expect, it } from 'vitest'

import { conversationOfArguments, conversationOfLink } from './deep-link.ts'

const ID = '01890a5d-ac96-774b-bcce-b302099a8057'

describe('conversationOfLink', () => {
  it.each([
    `parley://conversation/${ID}`,
    `parley://conversation/${ID}/`,
    `PARLEY://CONVERSATION/${ID.toUpperCase()}`,
  ])('takes %s', (link) => expect(conversationOfLink(link)).toBe(ID))

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
  ])('refuses %j', (link) => expect(conversationOfLink(link)).toBeNull())
})

it('finds the link among the arguments of a start', () => {
  const argv = [
    '/usr/bin/parley',
    '--user-data-dir=/x',
    'parley://nothing',
    `parley://conversation/${ID}`,
  ]
  expect(conversationOfArguments(argv)).toBe(ID)
  expect(conversationOfArguments(argv.slice(0, 3))).toBeNull()
})
