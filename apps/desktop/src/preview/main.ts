import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import {
  BRIDGE_INPUTS,
  type BridgeEvent,
  type BridgeEvents,
  type BridgeMethod,
  type BridgeResult,
  type EngineMethod,
  type Preferences,
  type ShellMethod,
  type ShownMethod,
} from '@parley/contracts'
import { createServer } from 'vite'

import { asking, openScene, openWithServer } from './open-scene.ts'
import { SCENES, type SceneName } from './scenes.ts'
import { shellOf } from './shell.ts'

/** The workstation in a browser: see README.md. */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    scene: { type: 'string', default: 'inbox' },
    theme: { type: 'string', default: 'light' },
    lang: { type: 'string', default: 'es' },
    port: { type: 'string', default: '5180' },
    server: { type: 'string' },
    email: { type: 'string' },
    password: { type: 'string' },
  },
})
if (!Object.hasOwn(SCENES, values.scene)) {
  throw new Error(`there is no scene ${values.scene}; there are ${Object.keys(SCENES).join(', ')}`)
}

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const page = await createServer({
  configFile: fromHere('../../vite.renderer.config.ts'),
  root: fromHere('./page'),
  server: {
    host: '127.0.0.1',
    port: Number(values.port),
    fs: { allow: [fromHere('../../../..')] },
  },
})
const send = <Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void =>
  page.ws.send('parley:event', { event, payload })

const shell = shellOf(
  {
    theme: values.theme as Preferences['theme'],
    language: values.lang as Preferences['language'],
    customerPanelOpen: true,
    checksSpelling: true,
    spellingLanguages: ['es-MX', 'en-US'],
    keys: {},
    singleKeys: true,
  },
  send,
)
const events = {
  bridge: send,
  notice: (notice: object) => process.stdout.write(`notice ${JSON.stringify(notice)}\n`),
}
let opened =
  values.server === undefined
    ? await openScene(values.scene as SceneName, events)
    : await openWithServer(values.server, events)
if (values.server !== undefined && values.email !== undefined) {
  const { email, password = '' } = values
  await asking(opened.engine)('session.signIn', {
    serverUrl: values.server,
    email,
    password,
    code: null,
  })
}

interface Call {
  id: number
  method: BridgeMethod
  input: unknown
}

page.ws.on('parley:call', async ({ id, method, input }: Call, client) => {
  client.send('parley:answer', { id, result: await answer(method, input) })
})

interface Wanted {
  id: number
  scene: string
  theme: Preferences['theme']
  language: Preferences['language']
}

interface Read {
  id: number
  method: ShownMethod
  input: unknown
  held: number | null
}

page.ws.on('parley:read', async ({ id, method, input, held }: Read, client) => {
  client.send('parley:answer', { id, result: await opened.engine.read(method, input, held) })
})

/** A page that names a scene in its address: what was open before is closed. */
page.ws.on('parley:open', async ({ id, scene, ...preferences }: Wanted, client) => {
  if (!Object.hasOwn(SCENES, scene)) throw new Error(`there is no scene ${scene}`)
  const before = opened
  opened = await openScene(scene as SceneName, events)
  await before.close()
  await answer('preferences.set', preferences)
  client.send('parley:answer', { id, result: null })
})

async function answer(method: BridgeMethod, input: unknown): Promise<BridgeResult<unknown>> {
  if (!Object.hasOwn(BRIDGE_INPUTS, method)) throw new Error(`there is no method ${method}`)
  if (!Object.hasOwn(shell, method)) return opened.engine.call(method as EngineMethod, input)
  const handler = shell[method as ShellMethod] as (given: unknown) => unknown
  return { ok: true, value: await handler(BRIDGE_INPUTS[method].parse(input)) }
}

await page.listen()
const [url] = page.resolvedUrls?.local ?? []
process.stdout.write(`${url}preview.html\n${url}preview.html?window=small\n`)

process.once('SIGINT', stop)
process.once('SIGTERM', stop)

function stop(): void {
  void Promise.all([opened.close(), page.close()]).then(() => process.exit(0))
}
