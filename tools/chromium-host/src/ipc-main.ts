import { EventEmitter } from 'node:events'
import { makeCodec, type Wire } from './page/codec.ts'
import type { HostMessage, PageMessage } from './page/preload-environment.ts'
import type { WebContents } from './window/web-contents.ts'
import type { WebFrameMain } from './window/web-frame-main.ts'

type Handler = (event: IpcEvent, ...args: never[]) => unknown
interface IpcEvent {
  type: 'frame'
  sender: WebContents
  senderFrame: WebFrameMain
  frameId: number
  processId: number
  reply: (channel: string, ...args: unknown[]) => void
}
type Invocation = Extract<PageMessage, { kind: 'invoke' }>

export const codec = makeCodec()
const handlers = new Map<string, Handler>()

class IpcMain extends EventEmitter {
  constructor() {
    super()
    this.setMaxListeners(0)
  }
  handle(channel: string, listener: Handler): void {
    if (handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    if (typeof listener !== 'function')
      throw new TypeError(`Expected handler to be a function, but found type '${typeof listener}'`)
    handlers.set(channel, listener)
  }
  handleOnce(channel: string, listener: Handler): void {
    this.handle(channel, (event, ...args) => {
      handlers.delete(channel)
      return listener(event, ...args)
    })
  }
  removeHandler(channel: string): void {
    handlers.delete(channel)
  }
}
export const ipcMain = new IpcMain()

/** A message of a page's preload arrives in main. */
export function receiveFromPage(
  sender: WebContents,
  senderFrame: WebFrameMain,
  message: PageMessage,
  deliver: (message: HostMessage) => void,
): void {
  const event: IpcEvent = {
    type: 'frame',
    sender,
    senderFrame,
    frameId: senderFrame.routingId,
    processId: senderFrame.processId,
    reply: (channel, ...args) => sender.send(channel, ...args),
  }
  if (message.kind === 'send') {
    const args = codec.decode(message.args) as unknown[]
    sender.emit('ipc-message', event, message.channel, ...args)
    ipcMain.emit(message.channel, event, ...args)
  } else if (message.kind === 'invoke') {
    void answer(event, message).then(deliver)
  }
}

async function answer(event: IpcEvent, { id, channel, args }: Invocation): Promise<HostMessage> {
  try {
    const handler = handlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    const value: Wire = codec.encode(await handler(event, ...(codec.decode(args) as never[])))
    return { kind: 'reply', id, ok: true, value }
  } catch (error) {
    // As Electron: main's console gets the error itself, the page only its text.
    console.error(`Error occurred in handler for '${channel}':`, error)
    return {
      kind: 'reply',
      id,
      ok: false,
      error: `Error invoking remote method '${channel}': ${String(error)}`,
    }
  }
}
