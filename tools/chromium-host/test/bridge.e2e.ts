import { expect } from '@playwright/test'
import { events, openWindow, test } from './fixture-app.ts'

test('the API is frozen, read-only and all that the page can see', async ({ page }) => {
  const seen = await page.evaluate(() => {
    const { api } = window
    try {
      Object.assign(window, { api: 1 })
    } catch {
      // strict mode says it in this way
    }
    return {
      sum: api.add(2, 3),
      greeting: api.greeting,
      same: window.api === api,
      frozen: [api, api.nested, api.nested.list, api.nested.list[1]].every((part) =>
        Object.isFrozen(part),
      ),
      leaked: Object.getOwnPropertyNames(window).filter((name) =>
        /electron|host|ipc|^require$|^process$|^module$|^codec$|^peer$|makeCodec/i.test(name),
      ),
    }
  })
  expect(seen).toEqual({
    sum: 5,
    greeting: '--greeting=hello',
    same: true,
    frozen: true,
    leaked: [],
  })
})

test('functions, promises and errors cross the bridge', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { api } = window
    const caught = (work: () => unknown): string => {
      try {
        return `no error: ${String(work())}`
      } catch (error) {
        return (error as Error).message
      }
    }
    return {
      calledBack: api.callBack((value) => value * 10, 4),
      later: await api.later('soon'),
      thrown: caught(() => api.fail()),
      taken: caught(() => api.exposeAgain()),
    }
  })
  expect(result).toEqual({
    calledBack: 41,
    later: 'soon',
    thrown: 'out of bridge',
    taken: 'Cannot bind an API on top of an existing property on the window object',
  })
})

test('values keep type, identity and cycles on the way to main and back', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const value: Record<string, unknown> = {
      date: new Date(5),
      map: new Map([['a', new Set([1])]]),
      bytes: new Uint8Array([1, 2, 255]),
      nan: NaN,
      nothing: undefined,
      big: 10n ** 20n,
      error: new RangeError('far'),
    }
    value['self'] = value
    const copy = await window.api.invoke('clone', value)
    return {
      date: copy.date instanceof Date && copy.date.getTime() === 5,
      map: copy.map instanceof Map && copy.map.get('a').has(1),
      bytes: copy.bytes instanceof Uint8Array && copy.bytes[2] === 255,
      nan: Number.isNaN(copy.nan),
      nothing: 'nothing' in copy && copy.nothing === undefined,
      big: copy.big === 10n ** 20n,
      error: copy.error instanceof RangeError && copy.error.message === 'far',
      self: copy.self === copy,
    }
  })
  expect(result).toEqual({
    date: true,
    map: true,
    bytes: true,
    nan: true,
    nothing: true,
    big: true,
    error: true,
    self: true,
  })
})

test('invoke fails in the words of Electron', async ({ page }) => {
  const messages = await page.evaluate(async () => {
    const failure = async (channel: string, ...args: unknown[]): Promise<string> => {
      try {
        return `no error: ${await window.api.invoke(channel, ...args)}`
      } catch (error) {
        return (error as Error).message
      }
    }
    return {
      thrown: await failure('boom'),
      unknown: await failure('nobody'),
      uncloneable: await failure('return-function'),
      symbol: await failure('clone', Symbol('s')),
      first: await failure('once'),
      second: await failure('once'),
    }
  })
  expect(messages).toEqual({
    thrown: "Error invoking remote method 'boom': TypeError: kaput",
    unknown: "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    uncloneable:
      "Error invoking remote method 'return-function': Error: An object could not be cloned.",
    symbol: 'An object could not be cloned.',
    first: 'no error: only once',
    second: "Error invoking remote method 'once': Error: No handler registered for 'once'",
  })
})

test('main knows who is calling, from the first message of a preload on', async ({ page }) => {
  const expected = {
    url: 'app://fixture/index.html#home',
    origin: 'app://fixture',
    isMainFrame: true,
    window: 1,
  }
  expect(await page.evaluate(() => window.api.invoke('identify', 1))).toEqual({
    value: 1,
    ...expected,
  })
  expect(await page.evaluate(() => window.api.early())).toEqual({ value: 'early', ...expected })
})

test('a push reaches every window, and nobody who stopped listening', async ({
  electronApp,
  page,
}) => {
  const second = await openWindow(electronApp, 'second')
  await second.evaluate(() => window.api.broadcast('one'))
  await expect(page.getByTestId('ticks')).toHaveText('one true')
  await expect(second.getByTestId('ticks')).toHaveText('one true')

  await page.evaluate(() => window.stopTicks())
  await second.evaluate(() => window.api.broadcast('two'))
  await expect(second.getByTestId('ticks').locator('li')).toHaveText(['one true', 'two true'])
  await expect(page.getByTestId('ticks').locator('li')).toHaveText(['one true'])
})

test('main is Node: worker threads run', async ({ page }) => {
  expect(await page.evaluate(() => window.api.invoke('in-worker', 7))).toBe(49)
})

test('main sees Electron, its own package and its arguments', async ({ electronApp, userData }) => {
  const seen = await electronApp.evaluate(({ app }) => ({
    name: app.name,
    version: app.getVersion(),
    packaged: app.isPackaged,
    userData: app.getPath('userData'),
    electron: /^\d+\./.test(process.versions.electron ?? ''),
    chrome: /^\d+\./.test(process.versions.chrome ?? ''),
    type: process.type,
    lastArgument: process.argv.at(-1),
  }))
  expect(seen).toEqual({
    name: 'host-fixture',
    version: '1.2.3',
    packaged: false,
    userData,
    electron: true,
    chrome: true,
    type: 'browser',
    lastArgument: `--user-data-dir=${userData}`,
  })
  expect(await events(electronApp, 'second-instance')).toEqual([])
})
