import tls from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'

import { type BridgeResult } from '@parley/contracts'

import { Engine } from './engine.ts'
import { type EngineHost, type StoredAccount } from './host.ts'
import {
  type EngineWorkerData,
  type FromEngine,
  type HostRequest,
  type ToEngine,
} from './protocol.ts'

/** The engine's thread: carries calls in, results and events out, and asks main for what only main has. */

if (parentPort === null) throw new Error('the engine runs in a worker thread')
const port = parentPort
// A company's own certificate authority is known to the system, not to Node.
tls.setDefaultCACertificates([
  ...tls.getCACertificates('default'),
  ...tls.getCACertificates('system'),
])
// By it whoever can set a variable of the person's would have every certificate believed.
delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
const tell = (message: FromEngine): void => port.postMessage(message)

const questions = new Map<
  number,
  { resolve: (value: unknown) => void; reject: (error: Error) => void }
>()
let nextQuestion = 1

function ask(request: HostRequest): Promise<unknown> {
  const id = nextQuestion++
  return new Promise((resolve, reject) => {
    questions.set(id, { resolve, reject })
    tell({ type: 'ask', id, ...request })
  })
}

const host: EngineHost = {
  ...(workerData as EngineWorkerData),
  readSecret: async (name) => (await ask({ request: 'readSecret', name })) as string | null,
  writeSecret: async (name, value) => void (await ask({ request: 'writeSecret', name, value })),
  readAccount: async () => (await ask({ request: 'readAccount' })) as StoredAccount | null,
  writeAccount: async (account) => void (await ask({ request: 'writeAccount', account })),
  openBrowser: async (url) => void (await ask({ request: 'openBrowser', url })),
  cameBack: () => tell({ type: 'cameBack' }),
}

const engine = new Engine(host, {
  bridge: (event, payload) => tell({ type: 'event', event, payload }),
  notice: (notice) => tell({ type: 'notice', notice }),
})
const started = engine.start()

port.on('message', (message: ToEngine) => {
  switch (message.type) {
    case 'call':
      void answer(message.id, () => engine.call(message.method, message.input))
      return
    case 'read':
      void answer(message.id, () => engine.read(message.method, message.input, message.held))
      return
    case 'sleep':
      engine.sleep()
      return
    case 'wake':
      engine.wake()
      return
    case 'device':
      engine.setDevice(message.state)
      return
    case 'stop':
      void engine.stop().then(() => tell({ type: 'stopped' }))
      return
    case 'answer': {
      const question = questions.get(message.id)
      questions.delete(message.id)
      if ('failure' in message) question?.reject(new Error(message.failure))
      else question?.resolve(message.value)
    }
  }
})

async function answer(id: number, call: () => Promise<BridgeResult<unknown>>): Promise<void> {
  try {
    await started
    tell({ type: 'result', id, result: await call() })
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    tell({ type: 'crashed', id, message })
  }
}

await started
tell({ type: 'started' })
