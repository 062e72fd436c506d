import { type ConnectionView } from '@parley/contracts'
import { afterEach, expect, test } from 'vitest'

import { aMorning } from './conversations.ts'
import { asking, openScene, type OpenedEngine } from './open-scene.ts'

/** The whole engine on a device whose clock is wrong, as a server that answers shows it. */

const DAY = 86_400_000
const MINUTE = 60_000

let opened: OpenedEngine
afterEach(() => opened.close())

test.each([
  ['two days slow', 2 * DAY],
  ['an hour slow', DAY / 24],
  ['right', 0],
  ['an hour fast', -DAY / 24],
  ['two days fast', -2 * DAY],
])('on a device whose clock is %s everything is dated by the server', async (_how, aheadMs) => {
  const world = aMorning()
  let connection: ConnectionView | undefined
  opened = await openScene(
    { world: () => world, serverAheadMs: aheadMs },
    {
      bridge: (event, payload) => {
        if (event === 'connection') connection = payload as ConnectionView
      },
      notice: () => {},
    },
  )
  const ask = asking(opened.engine)
  const isNow = (at: string | null | undefined) =>
    Math.abs(Date.parse(at ?? '') - Date.now() - aheadMs) < MINUTE
  // What asks the server over HTTP has its date.
  opened.engine.setDevice('active')
  await expect
    .poll(() => [
      connection?.state,
      Math.abs((connection?.clockOffsetMs ?? DAY * 9) - aheadMs) < MINUTE,
    ])
    .toEqual(['online', true])
  const view = await ask('connection.get', undefined)
  expect([isNow(view.since), isNow(view.syncedAt)]).toEqual([true, true])
  // No day of the lease has passed, whatever the clock says.
  expect(view.leaseEndsAt).toBeNull()

  const { conversation } = world.of('Iván Rentería')
  await ask('conversation.reply', { conversationId: conversation.id, text: 'Ya quedó, Iván.' })
  const { entries } = await ask('conversation.thread', {
    conversationId: conversation.id,
    before: null,
    limit: 20,
  })
  const mine = entries.find(
    (entry) => entry.type === 'message' && entry.message.text === 'Ya quedó, Iván.',
  )
  expect([isNow(mine?.at), mine?.type]).toEqual([true, 'message'])
  const [waiting] = await ask('outbox.list', undefined)
  expect(isNow(waiting?.createdAt)).toBe(true)
})
