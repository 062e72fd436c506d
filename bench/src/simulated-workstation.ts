import { setTimeout as sleep } from 'node:timers/promises'

import { WebSocket } from 'ws'

import { type Colleague } from './company.ts'

interface FeedItem {
  op: string
  kind?: string
  row?: { id: string }
}

interface Said {
  result?: {
    type: string
    id?: string
    data?: { data: { type: string; batch?: { cursor: string; items: FeedItem[] } } }
  }
}

const RECONNECT_MS = 250

/** A workstation's line and nothing else of it: it follows the feed, remembers its place, and comes back. */
export class SimulatedWorkstation {
  readonly colleague: Colleague
  cursor: string
  isLive = false
  items = 0
  readonly #url: string
  readonly #heard: (messageId: string) => void
  #socket: WebSocket | null = null
  #isEnded = false

  /** @param heard is told each message that arrives */
  constructor(
    url: string,
    colleague: Colleague,
    cursor: string,
    heard: (messageId: string) => void,
  ) {
    this.#url = url.replace(/^http/, 'ws')
    this.colleague = colleague
    this.cursor = cursor
    this.#heard = heard
  }

  connect(): void {
    this.isLive = false
    const socket = new WebSocket(`${this.#url}/trpc?connectionParams=1`)
    this.#socket = socket
    socket.on('open', () => {
      socket.send(
        JSON.stringify({
          method: 'connectionParams',
          data: { accessToken: this.colleague.token },
        }),
      )
      socket.send(
        JSON.stringify({
          id: 1,
          method: 'subscription',
          params: { path: 'sync.feed', input: { cursor: this.cursor } },
        }),
      )
    })
    socket.on('message', (data: Buffer) => this.#take(socket, data.toString()))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isLive = false
      if (!this.#isEnded) setTimeout(() => this.connect(), RECONNECT_MS * (1 + Math.random()))
    })
  }

  end(): void {
    this.#isEnded = true
    this.#socket?.terminate()
  }

  #take(socket: WebSocket, text: string): void {
    if (text === 'PING') return socket.send('PONG')
    const { result } = JSON.parse(text) as Said
    const message = result?.data?.data
    if (message?.type === 'live') this.isLive = true
    if (message?.type === 'reset') throw new Error('a workstation was told to load afresh')
    if (message?.batch === undefined) return
    this.cursor = message.batch.cursor
    this.items += message.batch.items.length
    for (const { op, kind, row } of message.batch.items) {
      if (op === 'put' && kind === 'message' && row !== undefined) this.#heard(row.id)
    }
  }
}

/** @returns after how many seconds half of them and all are current; throws where that takes too long */
export async function untilAllLive(
  workstations: readonly SimulatedWorkstation[],
  since = performance.now(),
): Promise<{ half: number; all: number }> {
  let half: number | null = null
  for (;;) {
    const missing = workstations.filter(({ isLive }) => !isLive).length
    const seconds = (performance.now() - since) / 1000
    if (missing <= workstations.length / 2) half ??= seconds
    if (missing === 0) return { half: half ?? seconds, all: seconds }
    if (seconds > 180) {
      throw new Error(`${missing} workstations are not current after three minutes`)
    }
    await sleep(20)
  }
}
