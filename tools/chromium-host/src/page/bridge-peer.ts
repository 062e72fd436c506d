import type { Codec, Tagged, Wire } from './codec.ts'

/**
 * One end of the bridge between a page's main world and the preload's isolated world. Runs in both, by its source
 * text, before any script of the page.
 *
 * The two worlds share the DOM and nothing else, so a call travels as a synchronous DOM event whose name holds a
 * secret the page does not know; the reply has arrived when `dispatchEvent` returns. Functions and promises stay
 * where they are and are called or settled from the other side.
 */
export interface BridgePeer {
  /** Defines `window[key]` in the other world, frozen and read-only. @throws when the name is taken. */
  expose(key: string, api: unknown): void
}

type Message =
  | { kind: 'expose'; id: number; key: string; api: Wire }
  | { kind: 'call'; id: number; target: number; args: Wire }
  | { kind: 'return'; id: number; ok: boolean; value: Wire }
  | { kind: 'settle'; target: number; ok: boolean; value: Wire }

export function makeBridgePeer(
  secret: string,
  here: 'main' | 'isolated',
  codec: Codec,
): BridgePeer {
  // Taken before the page runs, so that a page which replaces them later cannot listen in.
  const target = window
  const Event = CustomEvent
  const { addEventListener, dispatchEvent } = EventTarget.prototype
  const { parse, stringify } = JSON
  const there = here === 'main' ? 'isolated' : 'main'

  let lastId = 0
  const localIds = new WeakMap<object, number>()
  const locals = new Map<number, object>()
  const proxies = new Map<number, (...args: unknown[]) => unknown>()
  const settlers = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (reason: unknown) => void }
  >()
  const returns = new Map<number, { ok: boolean; value: Wire }>()

  const post = (message: Message): void => {
    dispatchEvent.call(target, new Event(secret + there, { detail: stringify(message) }))
  }
  const encode = (value: unknown): Wire => codec.encode(value, keepLocal)
  const encodeError = (error: unknown): Wire =>
    encode(error instanceof Error ? error : new Error(String(error)))
  const decode = (wire: Wire): unknown => codec.decode(wire, standIn)

  function keepLocal(value: object): Wire {
    if (typeof value !== 'function') {
      // Nobody calls it from there: it tells of itself once, and need not be kept.
      const id = ++lastId
      settleThere(value as Promise<unknown>, id)
      return { $: 'promise', v: id }
    }
    let id = localIds.get(value)
    if (id === undefined) {
      id = ++lastId
      localIds.set(value, id)
      locals.set(id, value)
    }
    return { $: 'function', v: id }
  }

  function settleThere(promise: Promise<unknown>, id: number): void {
    promise.then(
      (value) => post({ kind: 'settle', target: id, ok: true, value: encode(value) }),
      (error) => post({ kind: 'settle', target: id, ok: false, value: encodeError(error) }),
    )
  }

  function standIn(tagged: Tagged): unknown {
    const id = tagged.v as number
    if (tagged.$ === 'promise')
      return new Promise((resolve, reject) => settlers.set(id, { resolve, reject }))
    let proxy = proxies.get(id)
    if (!proxy) {
      proxy = (...args) => request({ kind: 'call', id: ++lastId, target: id, args: encode(args) })
      proxies.set(id, proxy)
    }
    return proxy
  }

  function request(message: Message & { id: number }): unknown {
    post(message)
    const reply = returns.get(message.id)
    returns.delete(message.id)
    if (!reply) throw new Error('context bridge: the other world did not answer')
    if (!reply.ok) throw decode(reply.value)
    return decode(reply.value)
  }

  function answer(id: number, work: () => unknown): void {
    let reply: Message
    try {
      reply = { kind: 'return', id, ok: true, value: encode(work()) }
    } catch (error) {
      reply = { kind: 'return', id, ok: false, value: encodeError(error) }
    }
    post(reply)
  }

  function freezeDeep(value: unknown): unknown {
    if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
      // Typed arrays cannot be frozen, Electron leaves them as they are too.
      if (ArrayBuffer.isView(value)) return value
      Object.freeze(value)
      for (const part of Object.values(value)) freezeDeep(part)
    }
    return value
  }

  function defineGlobal(key: string, api: Wire): void {
    if (key in target)
      throw new Error('Cannot bind an API on top of an existing property on the window object')
    Object.defineProperty(target, key, {
      value: freezeDeep(decode(api)),
      enumerable: true,
      configurable: false,
      writable: false,
    })
  }

  function receive(message: Message): void {
    switch (message.kind) {
      case 'expose':
        return answer(message.id, () => defineGlobal(message.key, message.api))
      case 'call':
        return answer(message.id, () =>
          (locals.get(message.target) as (...args: unknown[]) => unknown)(
            ...(decode(message.args) as unknown[]),
          ),
        )
      case 'return':
        returns.set(message.id, message)
        return
      case 'settle': {
        const settler = settlers.get(message.target)
        settlers.delete(message.target)
        if (message.ok) settler?.resolve(decode(message.value))
        else settler?.reject(decode(message.value))
      }
    }
  }

  addEventListener.call(
    target,
    secret + here,
    (event) => {
      event.stopImmediatePropagation()
      receive(parse((event as CustomEvent<string>).detail) as Message)
    },
    true,
  )

  return {
    expose: (key, api) => void request({ kind: 'expose', id: ++lastId, key, api: encode(api) }),
  }
}
