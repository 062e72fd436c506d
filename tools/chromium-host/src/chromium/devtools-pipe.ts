import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { report } from '../environment.ts'

type Params = Record<string, unknown>
interface Reply {
  id?: number
  method?: string
  params?: Params
  result?: unknown
  error?: { message: string }
  sessionId?: string
}
interface Waiting {
  method: string
  resolve: (result: never) => void
  reject: (error: Error) => void
}

/** Chromium's DevTools protocol over its two pipes: messages are JSON, ended by a zero byte. */
export class DevToolsPipe extends EventEmitter {
  #toChromium: Writable
  #lastId = 0
  #closed = false
  #waiting = new Map<number, Waiting>()
  #sessions = new Map<string, DevToolsSession>()

  constructor(toChromium: Writable, fromChromium: Readable) {
    super()
    this.#toChromium = toChromium
    // A broken pipe means that Chromium ended; the process's exit tells the host, and close() every caller.
    toChromium.on('error', () => this.close())
    fromChromium.on('error', () => this.close())
    this.#readFrames(fromChromium)
  }

  send<Result = unknown>(method: string, params: Params = {}, sessionId?: string): Promise<Result> {
    if (this.#closed) return Promise.reject(new Error(`${method}: the browser is closed`))
    const id = ++this.#lastId
    this.#toChromium.write(JSON.stringify({ id, method, params, sessionId }) + '\0')
    return new Promise<Result>((resolve, reject) =>
      this.#waiting.set(id, { method, resolve, reject }),
    )
  }

  session(id: string): DevToolsSession {
    const session = new DevToolsSession(this, id)
    this.#sessions.set(id, session)
    return session
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const { method, reject } of this.#waiting.values())
      reject(new Error(`${method}: the browser is closed`))
    this.#waiting.clear()
  }

  #readFrames(stream: Readable): void {
    let parts: Buffer[] = []
    stream.on('data', (chunk: Buffer) => {
      let start = 0
      for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
        parts.push(chunk.subarray(start, end))
        const text = Buffer.concat(parts).toString()
        parts = []
        start = end + 1
        this.#receive(JSON.parse(text) as Reply)
      }
      if (start < chunk.length) parts.push(chunk.subarray(start))
    })
  }

  #receive(message: Reply): void {
    if (message.id === undefined) {
      const receiver =
        message.sessionId === undefined ? this : this.#sessions.get(message.sessionId)
      receiver?.emit(message.method as string, message.params)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`))
    else waiting?.resolve(message.result as never)
  }
}

/** The same connection, towards one target. */
export class DevToolsSession extends EventEmitter {
  readonly id: string
  #pipe: DevToolsPipe

  constructor(pipe: DevToolsPipe, id: string) {
    super()
    this.#pipe = pipe
    this.id = id
  }

  send<Result = unknown>(method: string, params: Params = {}): Promise<Result> {
    return this.#pipe.send<Result>(method, params, this.id)
  }

  /** Sends what nobody waits for; a failure is reported, unless the page is gone already. */
  tell(method: string, params: Params = {}): void {
    this.send(method, params).catch((error: Error) => {
      if (
        !/Session with given id not found|the browser is closed|Inspected target navigated or closed/.test(
          error.message,
        )
      )
        report(method)(error)
    })
  }
}
