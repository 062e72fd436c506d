import { EventEmitter } from 'node:events'
import { originOf } from '../web/schemes.ts'

/** What the main frame needs of its page. */
interface FrameOwner {
  id: number
  getURL(): string
  send(channel: string, ...args: unknown[]): void
  executeJavaScript(code: string, userGesture?: boolean): Promise<unknown>
  isDestroyed(): boolean
}

/** The main frame, which is the only one with a preload and so the only one that can send. */
export class WebFrameMain extends EventEmitter {
  readonly routingId = 1
  readonly frameTreeNodeId: number
  readonly processId: number
  readonly parent = null
  readonly name = ''
  #owner: FrameOwner

  constructor(owner: FrameOwner) {
    super()
    this.#owner = owner
    this.frameTreeNodeId = owner.id
    this.processId = owner.id
  }
  get url(): string {
    return this.#owner.getURL()
  }
  get origin(): string {
    return originOf(this.url)
  }
  get top(): this {
    return this
  }
  send(channel: string, ...args: unknown[]): void {
    this.#owner.send(channel, ...args)
  }
  executeJavaScript(code: string, userGesture?: boolean): Promise<unknown> {
    return this.#owner.executeJavaScript(code, userGesture)
  }
  isDestroyed(): boolean {
    return this.#owner.isDestroyed()
  }
}
