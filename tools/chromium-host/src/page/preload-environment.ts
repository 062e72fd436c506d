import type { BridgePeer } from './bridge-peer.ts'
import type { Codec, Wire } from './codec.ts'

/** What travels from the preload to main, through the DevTools binding that only this world holds. */
export type PageMessage =
  | { kind: 'send'; url: string; channel: string; args: Wire }
  | { kind: 'invoke'; url: string; channel: string; args: Wire; id: number }
  | { kind: 'preload-error'; url: string; error: Wire }
  | { kind: 'focus'; url: string; focused: boolean }

/** What main delivers, as the one argument of the function of this name in the isolated world. */
export type HostMessage =
  | { kind: 'event'; channel: string; args: Wire }
  | { kind: 'reply'; id: number; ok: true; value: Wire }
  | { kind: 'reply'; id: number; ok: false; error: string }

export interface PreloadEnvironment {
  require: (specifier: string) => unknown
  process: Record<string, unknown>
  report: (error: unknown) => void
}

/**
 * The surroundings of a sandboxed preload: `require` of the few modules Electron offers there, `process`, and
 * `ipcRenderer`. Runs in the isolated world by its source text, so it closes over nothing.
 */
export function makePreloadEnvironment(
  peer: BridgePeer,
  codec: Codec,
  processInfo: Record<string, unknown>,
  names: { binding: string; deliver: string },
): PreloadEnvironment {
  type Listener = (...args: unknown[]) => void
  const scope = globalThis as unknown as Record<string, unknown>
  const toHost = scope[names.binding] as (json: string) => void
  delete scope[names.binding]

  const post = (message: PageMessage): void => toHost(JSON.stringify(message))

  class EventEmitter {
    private listenersOf = new Map<string, { listener: Listener; once: boolean }[]>()

    on(name: string, listener: Listener): this {
      return this.add(name, listener, false)
    }
    once(name: string, listener: Listener): this {
      return this.add(name, listener, true)
    }
    addListener(name: string, listener: Listener): this {
      return this.on(name, listener)
    }
    off(name: string, listener: Listener): this {
      const list = this.listenersOf.get(name) ?? []
      const at = list.findLastIndex((entry) => entry.listener === listener)
      if (at >= 0) this.listenersOf.set(name, list.toSpliced(at, 1))
      return this
    }
    removeListener(name: string, listener: Listener): this {
      return this.off(name, listener)
    }
    removeAllListeners(name?: string): this {
      if (name === undefined) this.listenersOf.clear()
      else this.listenersOf.delete(name)
      return this
    }
    listeners(name: string): Listener[] {
      return (this.listenersOf.get(name) ?? []).map((entry) => entry.listener)
    }
    listenerCount(name: string): number {
      return this.listeners(name).length
    }
    eventNames(): string[] {
      return [...this.listenersOf.keys()].filter((name) => this.listenerCount(name) > 0)
    }
    emit(name: string, ...args: unknown[]): boolean {
      const list = [...(this.listenersOf.get(name) ?? [])]
      for (const { listener, once } of list) {
        if (once) this.off(name, listener)
        listener.apply(this, args)
      }
      return list.length > 0
    }
    private add(name: string, listener: Listener, once: boolean): this {
      this.listenersOf.set(name, [...(this.listenersOf.get(name) ?? []), { listener, once }])
      return this
    }
  }

  let lastId = 0
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()

  class IpcRenderer extends EventEmitter {
    send(channel: string, ...args: unknown[]): void {
      post({ kind: 'send', url: location.href, channel, args: codec.encode(args) })
    }
    invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      return new Promise((resolve, reject) => {
        const id = ++lastId
        const encoded = codec.encode(args) // throws into the promise, as Electron does
        waiting.set(id, { resolve, reject })
        post({ kind: 'invoke', url: location.href, channel, args: encoded, id })
      })
    }
    sendSync(): never {
      throw new Error('ipcRenderer.sendSync is not available on the Chromium stand-in')
    }
  }
  const ipcRenderer = new IpcRenderer()

  const deliver = (json: string): void => {
    const message = JSON.parse(json) as HostMessage
    if (message.kind === 'event') {
      ipcRenderer.emit(
        message.channel,
        { sender: ipcRenderer, ports: [] },
        ...(codec.decode(message.args) as unknown[]),
      )
      return
    }
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.ok) call?.resolve(codec.decode(message.value))
    else call?.reject(new Error(message.error))
  }
  Object.defineProperty(scope, names.deliver, { value: deliver })

  for (const name of ['focus', 'blur'] as const) {
    window.addEventListener(name, (event) => {
      if (event.target === window)
        post({ kind: 'focus', url: location.href, focused: name === 'focus' })
    })
  }

  const contextBridge = { exposeInMainWorld: (key: string, api: unknown) => peer.expose(key, api) }
  const electron = { contextBridge, ipcRenderer }
  const modules: Record<string, unknown> = {
    electron,
    'electron/renderer': electron,
    events: Object.assign(EventEmitter, { EventEmitter }),
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  }

  return {
    require(specifier) {
      const name = specifier.replace(/^node:/, '')
      if (Object.hasOwn(modules, name)) return modules[name]
      throw new Error(`module not found: ${specifier}`)
    },
    process: {
      ...processInfo,
      type: 'renderer',
      sandboxed: true,
      contextIsolated: true,
      isMainFrame: true,
      nextTick: (callback: Listener, ...args: unknown[]) => queueMicrotask(() => callback(...args)),
    },
    report: (error) => {
      const known = error instanceof Error ? error : new Error(String(error))
      post({ kind: 'preload-error', url: location.href, error: codec.encode(known) })
    },
  }
}
