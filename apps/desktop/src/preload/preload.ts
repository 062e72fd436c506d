import type { BRIDGE_EVENTS, Bridge, BridgeEvent, BridgeEvents, IPC } from '@parley/contracts'
import { contextBridge, ipcRenderer } from 'electron'

// Said again here, and held equal by the compiler, because an import of the values would bring the contract's
// schemas, and zod with them, into every page.
const CHANNEL = {
  call: 'parley:call',
  read: 'parley:read',
  event: 'parley:event',
} as const satisfies typeof IPC
const EVENTS = [
  'changed',
  'session',
  'connection',
  'preferences',
  'window',
  'openConversation',
  'openOffer',
  'openAlerts',
  'invitation',
  'auditExport',
] as const satisfies typeof BRIDGE_EVENTS

type Listener = (payload: BridgeEvents[BridgeEvent]) => void
const listeners = new Map<string, Set<Listener>>(EVENTS.map((event) => [event, new Set()]))

ipcRenderer.on(CHANNEL.event, (_event, name: string, payload: BridgeEvents[BridgeEvent]) => {
  for (const listener of listeners.get(name) ?? []) listener(payload)
})

const bridge = {
  call: (method, input) => ipcRenderer.invoke(CHANNEL.call, method, input),
  read: (method, input, held) => ipcRenderer.invoke(CHANNEL.read, method, input, held),
  on(event, listener) {
    const listening = listeners.get(event)
    if (listening === undefined) throw new TypeError(`there is no event ${String(event)}`)
    // A function of its own, so that the same listener given twice is heard twice and ends one at a time.
    const entry: Listener = (payload) => listener(payload as never)
    listening.add(entry)
    return () => void listening.delete(entry)
  },
} satisfies Bridge

contextBridge.exposeInMainWorld('parley', bridge)
