import { randomUUID } from 'node:crypto'
import type { Worker } from 'node:worker_threads'

import type {
  AppError,
  BridgeEvent,
  BridgeResult,
  EngineMethod,
  Reading,
  SessionView,
  ShownMethod,
} from '@parley/contracts'
import type { DeviceState } from '@parley/domain'

import type { EngineHost } from '../engine/host.ts'
import type { FromEngine, HostRequest, Notice, ToEngine } from '../engine/protocol.ts'
import type { Log } from './log.ts'

/** What main answers when the engine asks for what only main has. */
export type EngineServices = Pick<
  EngineHost,
  'readSecret' | 'writeSecret' | 'readAccount' | 'writeAccount' | 'openBrowser' | 'cameBack'
>

export interface EngineProcessOptions {
  /** Starts the engine's thread. */
  spawn(): Worker
  services: EngineServices
  onEvent(event: BridgeEvent, payload: unknown): void
  onNotice(notice: Notice): void
  /** The engine died and is there again: whatever was read of it may be out of date. */
  onRestarted(): void
  log: Log
}

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
/** An engine that ran this long was well: its next death begins with the first delay again. */
const WELL_AFTER_MS = 60_000
/** So many in a row are told to the person, who may start it again themselves. */
const TOLD_DEATHS = 3
/** Longer than a transaction or a closing socket takes; a person who quits waits no longer than this. */
const STOP_LIMIT_MS = 5_000

type Question = Extract<ToEngine, { type: 'call' | 'read' }>

interface Running {
  worker: Worker
  startedAt: number
  pending: Map<number, { method: EngineMethod; resolve: (result: BridgeResult<unknown>) => void }>
}

/**
 * The engine's thread as main sees it: calls with their answers, events, and its requests to main. If it dies,
 * what was asked of it fails with a code and it is started again, later each time.
 */
export class EngineProcess {
  readonly #options: EngineProcessOptions
  #running: Running | null = null
  #device: DeviceState | null = null
  #nextCall = 1
  #deaths = 0
  #restart: NodeJS.Timeout | null = null
  #stopping: Promise<void> | null = null
  /** When it is started again, where it has died so often that the person is told. */
  #retryAt: string | null = null

  constructor(options: EngineProcessOptions) {
    this.#options = options
  }

  start(): void {
    const worker = this.#options.spawn()
    const running: Running = { worker, startedAt: Date.now(), pending: new Map() }
    this.#running = running
    worker.on('message', (message: FromEngine) => this.#receive(running, message))
    worker.on('error', (error) => this.#options.log.error('the engine failed', error))
    worker.on('messageerror', (error) =>
      this.#options.log.error('an engine message was lost', error),
    )
    worker.once('exit', (code) => this.#died(running, code))
    if (this.#device !== null) tell(worker, { type: 'device', state: this.#device })
  }

  /** Never rejects: an engine that is not there, or has a bug, answers `internal`. */
  call(method: EngineMethod, input: unknown): Promise<BridgeResult<unknown>> {
    return this.#ask({ type: 'call', id: this.#nextCall++, method, input })
  }

  /** As `call`; `held` is the id of the answer that the window holds. */
  read(
    method: ShownMethod,
    input: unknown,
    held: number | null,
  ): Promise<BridgeResult<Reading<unknown>>> {
    const asked = this.#ask({ type: 'read', id: this.#nextCall++, method, input, held })
    return asked as Promise<BridgeResult<Reading<unknown>>>
  }

  #ask(question: Question): Promise<BridgeResult<unknown>> {
    const running = this.#running
    const { id, method } = question
    if (this.#stopping !== null) return Promise.resolve(engineStopped())
    if (running === null) return Promise.resolve(this.#answerWithout(method))
    return new Promise((resolve) => {
      running.pending.set(id, { method, resolve })
      tell(running.worker, question)
    })
  }

  /** The machine is about to sleep. */
  sleep(): void {
    if (this.#running !== null) tell(this.#running.worker, { type: 'sleep' })
  }

  /** The machine slept: the engine makes its line anew. */
  wake(): void {
    if (this.#running !== null) tell(this.#running.worker, { type: 'wake' })
  }

  /** Whether somebody is before this machine. An engine that is started again is told again. */
  setDevice(state: DeviceState): void {
    this.#device = state
    if (this.#running !== null) tell(this.#running.worker, { type: 'device', state })
  }

  /** Lets the engine close its cache, within a time limit. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    if (this.#restart !== null) clearTimeout(this.#restart)
    this.#restart = null
    const running = this.#running
    if (running === null) return
    const { worker } = running
    const { promise: ended, resolve: end } = Promise.withResolvers<'stopped' | 'late'>()
    worker.on('message', ({ type }: FromEngine) => {
      if (type === 'stopped') end('stopped')
    })
    worker.once('exit', () => end('stopped'))
    const limit = setTimeout(() => end('late'), STOP_LIMIT_MS)
    tell(worker, { type: 'stop' })
    if ((await ended) === 'late')
      this.#options.log.warn('the engine did not stop in time and is ended')
    clearTimeout(limit)
    await worker.terminate()
  }

  #receive(running: Running, message: FromEngine): void {
    switch (message.type) {
      case 'result':
        this.#settle(running, message.id, message.result)
        return
      case 'crashed':
        this.#crashed(running, message)
        return
      case 'event':
        this.#options.onEvent(message.event, message.payload)
        return
      case 'notice':
        this.#options.onNotice(message.notice)
        return
      case 'cameBack':
        this.#options.services.cameBack()
        return
      case 'ask':
        void this.#answer(running.worker, message)
        return
      case 'started':
        this.#options.log.info('the engine is ready', { startedMs: Date.now() - running.startedAt })
        this.#retryAt = null
        if (this.#deaths > 0) this.#options.onRestarted()
        return
      case 'stopped':
        return
    }
  }

  #crashed(running: Running, { id, message }: Extract<FromEngine, { type: 'crashed' }>): void {
    const requestId = newRequestId()
    const method = running.pending.get(id)?.method
    this.#options.log.error(`the engine failed in ${method ?? 'a call'}`, { requestId, message })
    this.#settle(running, id, { ok: false, error: { code: 'internal', details: {}, requestId } })
  }

  #settle(running: Running, id: number, result: BridgeResult<unknown>): void {
    const call = running.pending.get(id)
    running.pending.delete(id)
    call?.resolve(result)
  }

  async #answer(worker: Worker, { id, ...request }: { id: number } & HostRequest): Promise<void> {
    try {
      tell(worker, { type: 'answer', id, value: await this.#serve(request) })
    } catch (error) {
      this.#options.log.error(`main could not serve the engine's ${request.request}`, error)
      const failure = error instanceof Error ? error.message : String(error)
      tell(worker, { type: 'answer', id, failure })
    }
  }

  #serve(request: HostRequest): Promise<unknown> {
    const { services } = this.#options
    switch (request.request) {
      case 'readSecret':
        return services.readSecret(request.name)
      case 'writeSecret':
        return services.writeSecret(request.name, request.value)
      case 'readAccount':
        return services.readAccount()
      case 'writeAccount':
        return services.writeAccount(request.account)
      case 'openBrowser':
        return services.openBrowser(request.url)
    }
  }

  /** What can be said and done while there is no engine. */
  #answerWithout(method: EngineMethod): BridgeResult<unknown> {
    if (this.#retryAt === null) return engineStopped()
    if (method !== 'session.get' && method !== 'session.openAgain') return engineStopped()
    const value = keepsFailing(this.#retryAt)
    if (method === 'session.openAgain' && this.#restart !== null) {
      clearTimeout(this.#restart)
      this.#restart = null
      this.start()
    }
    return { ok: true, value }
  }

  #died(running: Running, code: number): void {
    this.#running = null
    for (const { resolve } of running.pending.values()) resolve(engineStopped())
    running.pending.clear()
    if (this.#stopping !== null) return
    const wasWell = Date.now() - running.startedAt >= WELL_AFTER_MS
    this.#deaths = wasWell ? 1 : this.#deaths + 1
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (this.#deaths - 1), LONGEST_DELAY_MS)
    this.#options.log.error('the engine ended and is started again', { code, delayMs })
    if (this.#deaths >= TOLD_DEATHS) {
      this.#retryAt = new Date(Date.now() + delayMs).toISOString()
      this.#options.onEvent('session', keepsFailing(this.#retryAt))
    }
    this.#restart = setTimeout(() => {
      this.#restart = null
      this.start()
    }, delayMs)
  }
}

function tell(worker: Worker, message: ToEngine): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, which has none
  worker.postMessage(message)
}

/** What a call gets for an answer while there is no engine. */
function engineStopped(): { ok: false; error: AppError } {
  return { ok: false, error: { code: 'internal', details: { because: 'engine_stopped' } } }
}

/** What is shown of an engine that dies again and again. */
function keepsFailing(retryAt: string): SessionView {
  return { state: 'not_opened', reason: 'engine', retryAt, canStartFresh: false, unsent: [] }
}

/** Short enough to be read over the telephone; finds the failure in the log. */
export function newRequestId(): string {
  return randomUUID().slice(0, 8)
}
