import { request as httpRequest } from 'node:http'
import { type Duplex } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { WebSocket as PlainWebSocket } from 'ws'

import { asWorld, currentActor, runAs, type Actor } from './actor.ts'
import { pipe } from './pipe.ts'
import { type Random } from './random.ts'
import { trace } from './trace.ts'
import { time } from './virtual-time.ts'

/** A server process as the network reaches it. */
export interface Reachable {
  readonly actor: Actor
  readonly isUp: boolean
  /** A connection is there. */
  accept(connection: Duplex): void
}

/** How a workstation's line is now. */
export interface Line {
  readonly name: string
  readonly random: Random
  /** `whole`; `cut`: nobody is reached and it is said at once; `silent`: nothing comes through and nobody says so. */
  state: 'whole' | 'cut' | 'silent'
  /** Of requests and of answers, each. */
  dropRate: number
  duplicateRate: number
  /** Up to so long, each way; requests overtake each other. */
  delayMs: number
  /** Whether an answer of this procedure is to be lost; `told`: the connection breaks over it. */
  losesAnswerOf: ((path: string) => 'told' | 'silent' | null) | null
  /** Which server it comes to. */
  server(): Reachable | null
}

interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** Somebody else's server, such as Meta's. */
export type Outside = (url: URL, init: RequestInit) => Promise<Response>
/** For what is planted: a request as it leaves a workstation, which may become others. */
export type Tampering = (line: Line, path: string, body: string) => string

class Network {
  readonly #lines = new Map<Actor, Line>()
  readonly #connections = new Set<LineSocket>()
  outside: Outside = () => Promise.reject(new TypeError('fetch failed'))
  tamper: Tampering | null = null
  /** Requests that a server has and has not answered. */
  underWay = 0

  begin(): void {
    this.#lines.clear()
    this.#connections.clear()
    this.underWay = 0
  }

  connect(actor: Actor, line: Line): void {
    this.#lines.set(actor, line)
  }

  lineOf(actor: Actor | null): Line {
    const line = actor === null ? undefined : this.#lines.get(actor)
    if (line === undefined) throw new Error(`${actor?.name ?? 'the world'} has no line`)
    return line
  }

  opened(socket: LineSocket): void {
    this.#connections.add(socket)
  }

  closed(socket: LineSocket): void {
    this.#connections.delete(socket)
  }

  /** Whoever's they are: the other end has gone, and where the line is whole that is told at once. */
  breakOff(which: { server?: Actor; workstation?: Actor }, isTold: boolean): void {
    for (const socket of this.#connections) {
      if (which.server !== undefined && socket.server !== which.server) continue
      if (which.workstation !== undefined && socket.owner !== which.workstation) continue
      socket.breakOff(isTold)
    }
  }

  /** From now on they are open and dead. */
  kill(workstation: Actor): void {
    for (const socket of this.#connections) if (socket.owner === workstation) socket.isDead = true
  }

  /** What is open and dead is said to be over: nobody has to find out. */
  endDead(): void {
    for (const socket of this.#connections) if (socket.isDead) socket.end()
  }

  /** What was held up while nothing came through comes now. */
  flow(workstation: Actor): void {
    for (const socket of this.#connections) if (socket.owner === workstation) socket.flow()
  }

  async fetch(given: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const actor = currentActor()
    const url = new URL(String(given))
    if (actor?.kind === 'server') return await this.#outward(actor, url, init)
    const line = this.lineOf(actor)
    const owner = actor as Actor
    return await new Promise<Response>((resolve, reject) => {
      const settle = (work: () => void): void => {
        if (owner.isAlive) runAs(owner, work)
      }
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error), {
        once: true,
      })
      asWorld(() =>
        this.#request(line, url, init).then(
          (answer) => {
            if (answer === null) return
            settle(() => resolve(toResponse(answer)))
          },
          (error: Error) => settle(() => reject(error)),
        ),
      )
    })
  }

  async #outward(actor: Actor, url: URL, init: RequestInit): Promise<Response> {
    return await new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error), {
        once: true,
      })
      asWorld(() => this.outside(url, init)).then(
        (response) => {
          if (actor.isAlive) runAs(actor, () => resolve(response))
        },
        (error: Error) => {
          if (actor.isAlive) runAs(actor, () => reject(error))
        },
      )
    })
  }

  /** Null: nothing is ever heard of it. */
  async #request(line: Line, url: URL, init: RequestInit): Promise<Answer | null> {
    const path = url.pathname.replace('/trpc/', '')
    const { random } = line
    if (line.state === 'cut') throw notReached('EHOSTUNREACH')
    await pause(delayOf(line))
    if (line.state !== 'whole' || random.chance(line.dropRate)) return null
    const body = typeof init.body === 'string' ? init.body : ''
    const sent = {
      ...init,
      headers: { ...plainHeaders(init.headers), 'accept-encoding': 'gzip' },
      body: this.tamper?.(line, path, body) ?? body,
    }
    const copies = random.chance(line.duplicateRate) ? 2 : 1
    const first = this.deliver(line.server(), line.name, url, sent)
    if (copies === 2) {
      // As when a proxy asks again: the server hears it twice, and one of the answers comes back.
      void pause(delayOf(line) * 2)
        .then(() => this.deliver(line.server(), line.name, url, sent))
        .catch(() => {})
    }
    const answer = await first
    await pause(delayOf(line))
    const lost = line.losesAnswerOf?.(path) ?? null
    if (lost === null && line.state === 'whole' && !random.chance(line.dropRate)) return answer
    if (lost === 'told' || (lost === null && random.chance(0.5))) throw notReached('UND_ERR_SOCKET')
    return null
  }

  /** One request over a connection of its own. */
  async deliver(
    server: Reachable | null,
    from: string,
    url: URL,
    init: RequestInit,
  ): Promise<Answer> {
    if (server === null || !server.isUp) throw notReached('ECONNREFUSED')
    const { near, far, breakOff } = pipe(server.actor, from)
    server.actor.run(() => server.accept(far))
    this.underWay += 1
    trace.note(`${from} asks ${url.pathname} ${typeof init.body === 'string' ? init.body : ''}`)
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const sent = httpRequest(
          {
            createConnection: () => near,
            host: 'parley.sim',
            method: init.method ?? 'GET',
            path: url.pathname + url.search,
            headers: plainHeaders(init.headers),
          },
          (response) => {
            const chunks: Buffer[] = []
            response.on('data', (chunk: Buffer) => chunks.push(chunk))
            response.on('error', () => reject(notReached('UND_ERR_SOCKET')))
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers as Record<string, string>,
                body: Buffer.concat(chunks),
              }),
            )
          },
        )
        sent.on('error', () => reject(notReached('UND_ERR_SOCKET')))
        sent.end(typeof init.body === 'string' ? init.body : undefined)
      })
    } finally {
      trace.note(`${from} is answered ${url.pathname}`)
      this.underWay -= 1
      breakOff()
    }
  }
}

export const network = new Network()

/** Transactions are numbered through all databases of a cluster, so those before count, too. */
const withoutTransactions = (text: string): string => text.replaceAll(/:\d+(?=:\d+")/g, ':')

function plainHeaders(given: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(new Headers(given))
}

/** Unpacked, as `fetch` gives it. */
function toResponse({ status, headers, body }: Answer): Response {
  const { 'content-encoding': encoding, ...others } = headers
  const plain = encoding === 'gzip' ? gunzipSync(body) : body
  return new Response(status === 204 ? null : new Uint8Array(plain), { status, headers: others })
}

function notReached(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}

const delayOf = ({ random, delayMs }: Line): number => (delayMs === 0 ? 0 : random.int(0, delayMs))

function pause(ms: number): Promise<void> {
  if (ms === 0) return Promise.resolve()
  return new Promise((resolve) => asWorld(() => time.schedule(() => resolve(), ms)))
}

/** A WebSocket over a workstation's line: in order and whole, or broken, or silent. */
class LineSocket extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3
  readyState: number = LineSocket.CONNECTING
  readonly owner: Actor
  readonly server: Actor | null
  isDead = false
  readonly #line: Line
  #plain: PlainWebSocket | null = null
  #breakPipe: (() => void) | null = null
  /** What is on its way, each way, in its order. */
  readonly #held: (() => void)[] = []
  #lastMs = 0

  constructor(url: string | URL) {
    super()
    const owner = currentActor()
    if (owner === null) throw new Error('nobody opens a WebSocket')
    this.owner = owner
    this.#line = network.lineOf(owner)
    const server = this.#line.server()
    this.server = server?.actor ?? null
    network.opened(this)
    asWorld(() => queueMicrotask(() => this.#connect(new URL(url), server)))
  }

  send(text: string): void {
    if (this.readyState !== LineSocket.OPEN) return
    this.#travel(() => {
      if (this.#plain?.readyState === PlainWebSocket.OPEN) this.#plain.send(text)
    })
  }

  close(code?: number, reason?: string): void {
    if (this.readyState >= LineSocket.CLOSING) return
    const isOpen = this.readyState === LineSocket.OPEN
    this.readyState = LineSocket.CLOSING
    this.#travel(() => {
      if (code === undefined || code < 1000) this.#plain?.close()
      else this.#plain?.close(code, reason)
    })
    // However it goes at the other end, here it is over; what was not open yet has failed.
    asWorld(() => time.schedule(() => this.#end(isOpen ? 1005 : 1006), 1))
  }

  breakOff(isTold: boolean): void {
    this.#breakPipe?.()
    if (isTold && this.#line.state === 'whole' && !this.isDead) this.#end(1006)
    else this.isDead = true
  }

  end(): void {
    this.#breakPipe?.()
    this.#end(1006)
  }

  flow(): void {
    if (this.isDead) return
    for (const go of this.#held.splice(0)) go()
  }

  #connect(url: URL, server: Reachable | null): void {
    if (this.#line.state === 'cut' || server === null || !server.isUp) {
      time.schedule(() => this.#end(1006), 5)
      return
    }
    if (this.#line.state === 'silent') {
      // As long as the system tries to connect.
      time.schedule(() => this.#end(1006), 60_000)
      return
    }
    const { near, far, breakOff } = pipe(server.actor, this.#line.name)
    this.#breakPipe = breakOff
    server.actor.run(() => server.accept(far))
    const plain = new PlainWebSocket(`ws://parley.sim${url.pathname}${url.search}`, {
      createConnection: () => near,
      perMessageDeflate: false,
    } as object)
    this.#plain = plain
    plain.on('open', () =>
      this.#travel(() => {
        if (this.readyState !== LineSocket.CONNECTING) return
        this.readyState = LineSocket.OPEN
        this.#tell(new Event('open'))
      }),
    )
    plain.on('message', (data: Buffer) => {
      const text = data.toString('utf8')
      trace.note(`${this.#line.name} hears ${withoutTransactions(text)}`)
      this.#travel(() => {
        if (this.readyState === LineSocket.OPEN)
          this.#tell(new MessageEvent('message', { data: text }))
      })
    })
    plain.on('error', () => {})
    plain.on('close', (code) => this.#travel(() => this.#end(code)))
  }

  /** In order, however long each takes; held up while nothing comes through. */
  #travel(arrive: () => void): void {
    asWorld(() => {
      const delayMs = delayOf(this.#line)
      const atMs = Math.max(this.#lastMs, time.nowMs + delayMs)
      this.#lastMs = atMs
      const go = (): void => {
        if (this.isDead || !this.owner.isAlive) return
        if (this.#line.state === 'whole') arrive()
        else this.#held.push(go)
      }
      if (atMs <= time.nowMs) queueMicrotask(go)
      else time.schedule(go, atMs - time.nowMs)
    })
  }

  #end(code: number): void {
    if (this.readyState === LineSocket.CLOSED) return
    // As in browsers: a failure is an error first.
    const hasFailed = this.readyState === LineSocket.CONNECTING || code === 1006
    this.readyState = LineSocket.CLOSED
    network.closed(this)
    if (hasFailed) this.#tell(new Event('error'))
    this.#tell(Object.assign(new Event('close'), { code, reason: '', wasClean: code !== 1006 }))
  }

  #tell(event: Event): void {
    if (this.owner.isAlive) runAs(this.owner, () => this.dispatchEvent(event))
  }
}

export function takeOverNetwork(): void {
  Object.assign(globalThis, {
    fetch: (given: string | URL | Request, init?: RequestInit) => network.fetch(given, init),
    WebSocket: LineSocket,
  })
}
