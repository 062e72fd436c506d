import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { openCache, openOutbox, put } from '../../testing/open-cache.ts'
import { conversation, customer, message, person } from '../../testing/rows.ts'
import { readDirectory } from '../accounts/directory.ts'
import { readConversation } from '../conversations/conversation-view.ts'
import { readThread } from '../messaging/thread.ts'
import { search } from '../search/search.ts'

describe('whoever has only a number', () => {
  test('is called by it in groups, wherever they are shown', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const row = conversation()
    apply(put('conversation', row), put('customer', customer(row.customerId, { name: '\u200B' })))
    const view = readConversation(cache, openOutbox(cache), row.id)
    expect(view?.row.title).toBe('+52 55 5012 3456')
    expect(view?.customer).toMatchObject({
      name: null,
      identities: [{ externalId: '+52 55 5012 3456' }],
    })
    expect(search(cache, '5550123456', 10, 0)).toMatchObject([{ title: '+52 55 5012 3456' }])
  })
})

test('a colleague whose name would turn the line around is called without it', () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation()
  const id = '00000000-0000-4000-8000-0000000000aa'
  apply(
    put('person', person({ id, fullName: '\u202Eana' })),
    put('conversation', row),
    put('customer', customer(row.customerId)),
    put('message', message(row.id, { direction: 'outbound', senderType: 'agent', senderId: id })),
  )
  expect(readDirectory(cache).people.map(({ fullName }) => fullName)).toEqual(['ana'])
  expect(readThread(cache, row.id, null, 10).entries).toMatchObject([{ authorName: 'ana' }])
})

/**
 * A name as it was written may turn its line around, show nothing, or be none. Who shows one takes it from whoever
 * decides how people are called: `callCustomer`, `callPerson` and `shownName` of the domain.
 */
describe('nobody makes a name of their own', () => {
  const root = join(import.meta.dirname, '../../../../../..')
  const sources = globSync(['apps/{desktop,server}/src/**/*.{ts,tsx}'], { cwd: root }).filter(
    (file) => !/\.test\.tsx?$|testing\/|\.fake\.ts$|\/preview\//.test(file),
  )
  const linesWith = (pattern: RegExp, among: RegExp): string[] =>
    sources
      .filter((file) => among.test(file))
      .flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .filter((line) => pattern.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      )

  test('of a colleague’s written one', () => {
    const uses = linesWith(/\.fullName\b/, /^apps\/desktop\/src\/(engine|main)\//)
    const called = uses.filter((line) => !/callPerson\(/.test(line))
    // Ordering by what is shown already, and keeping it as it was written.
    expect(called.toSorted()).toEqual([
      expect.stringContaining('byName(a.fullName, b.fullName)'),
      expect.stringContaining('fullName: answer.person.fullName }'),
    ])
  })

  test('of a customer’s written one', () => {
    const inEngine = linesWith(/\bcustomer\??\.name\b/, /^apps\/desktop\/src\/engine\//)
    expect(inEngine.filter((line) => !/shownName\(/.test(line))).toEqual([])
    // Only what goes into a reply is the name alone.
    const onScreens = linesWith(/\bcustomer\??\.name\b/, /^apps\/desktop\/src\/renderer\//)
    expect(onScreens.filter((line) => !line.includes('features/composer/'))).toEqual([])
  })

  test('on the server, where it lists conversations by their customer', () => {
    expect(linesWith(/AS customer_name\b/, /^apps\/server\//)).toEqual([])
    const given = linesWith(/\bcustomer(_n|N)ame:/, /^apps\/server\//)
    expect(given.filter((line) => !/called\.get\(/.test(line))).toEqual([])
  })
})
