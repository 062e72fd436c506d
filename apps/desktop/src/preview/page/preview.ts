import { type Bridge, type BridgeEvent, type BridgeEvents } from '@parley/contracts'

/**
 * Puts `window.parley` there as the preload script does, with the development server's socket for a line to the
 * engine, and then loads the same page as ever.
 */
// Written out: the development server looks for these words.
const hot = import.meta.hot
if (hot === undefined) throw new Error('the preview is for the development server alone')

interface Answer {
  id: number
  result: unknown
}
interface Event<Name extends BridgeEvent = BridgeEvent> {
  event: Name
  payload: BridgeEvents[Name]
}

const waiting = new Map<number, (result: never) => void>()
const listeners = new Map<BridgeEvent, Set<(payload: never) => void>>()
let calls = 0

hot.on('parley:answer', ({ id, result }: Answer) => {
  waiting.get(id)?.(result as never)
  waiting.delete(id)
})
hot.on('parley:event', ({ event, payload }: Event) => {
  for (const listener of listeners.get(event) ?? []) listener(payload as never)
})

function ask<Result>(what: string, asked: object): Promise<Result> {
  return new Promise((resolve) => {
    const id = ++calls
    waiting.set(id, resolve)
    hot?.send(what, { id, ...asked })
  })
}

const bridge: Bridge = {
  call: (method, input) => ask('parley:call', { method, input }),
  read: (method, input, held) => ask('parley:read', { method, input, held }),
  on(event, listener) {
    const heard = listeners.get(event) ?? new Set()
    listeners.set(event, heard)
    const entry = (payload: never): void => listener(payload)
    heard.add(entry)
    return () => void heard.delete(entry)
  },
}
Object.assign(window, { parley: bridge })

const asked = new URLSearchParams(location.search)
const scene = asked.get('scene')
if (scene !== null) {
  const theme = asked.get('theme') ?? 'light'
  await ask('parley:open', { scene, theme, language: asked.get('lang') ?? 'es' })
}

if (asked.get('window') === 'small') {
  await import('../../renderer/escalation.tsx')
} else {
  await import('../../renderer/main.tsx')
}
