import { createTestDatabase, startFreezingProxy } from '@parley/database/testing'
import { expect, test } from 'vitest'

import { eventually } from '../testing/test-server.ts'
import { createLogger } from './logger.ts'
import { Signals } from './signals.ts'

test('whoever listens on a dead connection notices, and hears again', async () => {
  await using database = await createTestDatabase({ empty: true })
  const proxy = await startFreezingProxy(database.connectionString)
  const logger = createLogger('silent')
  const speaker = new Signals(database.connectionString, logger)
  const listener = new Signals(proxy.connectionString, logger)
  await Promise.all([speaker.start(), listener.start()])
  const heard: string[] = []
  listener.on('sessions', (payload) => heard.push(payload))

  proxy.freeze()
  await eventually(() => expect(listener.isListening).toBe(false))
  proxy.thaw()
  await eventually(() => expect(listener.isListening).toBe(true))
  // What was missed is not known, so everything is looked at once.
  expect(heard).toEqual([''])
  speaker.send('sessions', 'somebody')
  await eventually(() => expect(heard).toEqual(['', 'somebody']))
  await Promise.all([speaker.stop(), listener.stop()])
  await proxy.stop()
})
