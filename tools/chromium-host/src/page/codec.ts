/**
 * Structured clone over JSON: what crosses the bridge and the IPC channels keeps its type, identity and cycles.
 *
 * `makeCodec` runs in Node and, by its own source text, in both worlds of a page, so it closes over nothing.
 * A tagged value is `{ $: tag, v: payload }`. Objects are numbered in the order of first visit, on both sides
 * alike, so that a repeated or cyclic reference is just its number.
 */
export type Wire = null | boolean | number | string | Wire[] | { [key: string]: Wire }
/** Stands in for what only one side can hold: a function or a promise. `refuse` it by returning undefined. */
export type EncodeHook = (value: object) => Wire | undefined
export type DecodeHook = (tagged: Tagged) => unknown
export interface Tagged {
  $: string
  v: Wire
}
export interface Codec {
  encode(value: unknown, hook?: EncodeHook): Wire
  decode(wire: Wire, hook?: DecodeHook): unknown
}

export function makeCodec(): Codec {
  const notCloneable = (): Error => new Error('An object could not be cloned.')
  const ERROR_NAMES = [
    'EvalError',
    'RangeError',
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
  ]
  const scope = globalThis as unknown as Record<string, new (...args: unknown[]) => object>

  const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)

  function toBase64(bytes: Uint8Array): string {
    let text = ''
    for (let i = 0; i < bytes.length; i += 8192)
      text += String.fromCharCode(...bytes.subarray(i, i + 8192))
    return btoa(text)
  }

  function fromBase64(text: string): ArrayBuffer {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer
  }

  /** Plain assignment would set the prototype for the one key `__proto__`. */
  function setOwn(target: object, key: string, value: unknown): void {
    if (key === '__proto__')
      Object.defineProperty(target, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    else (target as Record<string, unknown>)[key] = value
  }

  function encode(root: unknown, hook?: EncodeHook): Wire {
    const seen = new Map<object, number>()

    const hooked = (value: object): Wire => {
      const wire = hook?.(value)
      if (wire === undefined) throw notCloneable()
      return wire
    }

    const number = (value: number): Wire => {
      if (Object.is(value, -0)) return { $: 'number', v: '-0' }
      return Number.isFinite(value) ? value : { $: 'number', v: String(value) }
    }

    const object = (value: object): Wire => {
      const known = seen.get(value)
      if (known !== undefined) return { $: 'ref', v: known }
      seen.set(value, seen.size)
      if (Array.isArray(value)) return Array.from(value, any)
      if (value instanceof Error)
        return { $: 'error', v: [value.name, value.message, value.stack ?? '', any(value.cause)] }
      if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        return { $: 'view', v: [tagOf(value), toBase64(bytes)] }
      }
      switch (tagOf(value)) {
        case 'Date':
          return { $: 'date', v: number((value as Date).getTime()) }
        case 'RegExp':
          return { $: 'regexp', v: [(value as RegExp).source, (value as RegExp).flags] }
        case 'Map':
          return {
            $: 'map',
            v: Array.from(value as Map<unknown, unknown>, ([k, v]) => [any(k), any(v)]),
          }
        case 'Set':
          return { $: 'set', v: Array.from(value as Set<unknown>, any) }
        case 'ArrayBuffer':
          return { $: 'buffer', v: toBase64(new Uint8Array(value as ArrayBuffer)) }
        case 'Error': // of another realm
          return {
            $: 'error',
            v: [
              (value as Error).name,
              (value as Error).message,
              (value as Error).stack ?? '',
              null,
            ],
          }
        case 'Promise':
          return hooked(value)
        case 'Object':
          return record(value as Record<string, unknown>)
        default: // Blob, WeakMap, DOM nodes and the like
          throw notCloneable()
      }
    }

    const record = (value: Record<string, unknown>): Wire => {
      const out: { [key: string]: Wire } = {}
      for (const key of Object.keys(value)) setOwn(out, key, any(value[key]))
      return Object.hasOwn(out, '$') ? { $: 'object', v: out } : out
    }

    const any = (value: unknown): Wire => {
      switch (typeof value) {
        case 'string':
        case 'boolean':
          return value
        case 'number':
          return number(value)
        case 'undefined':
          return { $: 'undefined', v: null }
        case 'bigint':
          return { $: 'bigint', v: String(value) }
        case 'symbol':
          throw notCloneable()
        case 'function':
          return hooked(value)
        default:
          return value === null ? null : object(value as object)
      }
    }

    return any(root)
  }

  function decode(root: Wire, hook?: DecodeHook): unknown {
    const refs: unknown[] = []
    const keep = <T>(value: T): T => {
      refs.push(value)
      return value
    }

    const record = (fields: { [key: string]: Wire }): object => {
      const out = keep<object>({})
      for (const key of Object.keys(fields)) setOwn(out, key, any(fields[key] as Wire))
      return out
    }

    const error = (parts: Wire[]): Error => {
      const [name, message, stack] = parts as [string, string, string]
      const Type = (ERROR_NAMES.includes(name) ? scope[name] : Error) as ErrorConstructor
      const out = keep(new Type(message))
      if (out.name !== name)
        Object.defineProperty(out, 'name', { value: name, configurable: true, writable: true })
      Object.defineProperty(out, 'stack', { value: stack, configurable: true, writable: true })
      const cause = any(parts[3] ?? null)
      if (cause !== undefined && cause !== null)
        Object.defineProperty(out, 'cause', { value: cause, configurable: true, writable: true })
      return out
    }

    const tagged = (wire: Tagged): unknown => {
      const { $: tag, v } = wire
      const list = v as Wire[]
      switch (tag) {
        case 'undefined':
          return undefined
        case 'number':
          return Number(v)
        case 'bigint':
          return BigInt(v as string)
        case 'ref':
          return refs[v as number]
        case 'object':
          return record(v as { [key: string]: Wire })
        case 'date':
          return keep(new Date(any(v) as number))
        case 'regexp':
          return keep(new RegExp(list[0] as string, list[1] as string))
        case 'buffer':
          return keep(fromBase64(v as string))
        case 'view': {
          const View = scope[list[0] as string]
          if (!View) throw notCloneable()
          return keep(new View(fromBase64(list[1] as string)))
        }
        case 'map': {
          const out = keep(new Map<unknown, unknown>())
          for (const entry of list as Wire[][])
            out.set(any(entry[0] as Wire), any(entry[1] as Wire))
          return out
        }
        case 'set': {
          const out = keep(new Set<unknown>())
          for (const item of list) out.add(any(item))
          return out
        }
        case 'error':
          return error(list)
        default: {
          if (!hook) throw notCloneable()
          // A promise was numbered by the encoder, a function was not.
          return tag === 'promise' ? keep(hook(wire)) : hook(wire)
        }
      }
    }

    const any = (wire: Wire): unknown => {
      if (wire === null || typeof wire !== 'object') return wire
      if (Array.isArray(wire)) {
        const out = keep([] as unknown[])
        for (const item of wire) out.push(any(item))
        return out
      }
      return Object.hasOwn(wire, '$') ? tagged(wire as unknown as Tagged) : record(wire)
    }

    return any(root)
  }

  return { encode, decode }
}
