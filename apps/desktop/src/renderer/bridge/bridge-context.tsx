import type { Bridge } from '@parley/contracts'
import { createContext, useContext } from 'react'

import { type Client, createClient } from './client.ts'
import { LiveValue } from './live-value.ts'
import { ReadCache } from './read-cache.ts'

/** All that reaches the engine, made once for the window. */
export interface Connected {
  client: Client
  reads: ReadCache
  session: LiveValue<'session'>
  connection: LiveValue<'connection'>
  preferences: LiveValue<'preferences'>
  /**
   * What was typed in this window, by conversation. The engine keeps the drafts; this bridges the moment
   * until its answer carries what has just been saved.
   */
  typed: Map<string, string>
}

export function connect(bridge: Bridge): Connected {
  const client = createClient(bridge)
  const reads = new ReadCache(client)
  const session = new LiveValue(client, 'session', 'session.get')
  const typed = new Map<string, string>()
  let person: string | null = null
  session.subscribe(() => {
    const view = session.get()
    const now = view?.state === 'signed_in' ? view.me.id : null
    if (now !== person) {
      reads.forgetAll()
      typed.clear()
    }
    person = now
  })
  return {
    client,
    reads,
    session,
    typed,
    connection: new LiveValue(client, 'connection', 'connection.get'),
    preferences: new LiveValue(client, 'preferences', 'preferences.get'),
  }
}

const ConnectedContext = createContext<Connected | null>(null)
export const BridgeProvider = ConnectedContext.Provider

export function useConnected(): Connected {
  const connected = useContext(ConnectedContext)
  if (!connected) throw new Error('no bridge above this component')
  return connected
}

export function useAsk(): Client['ask'] {
  return useConnected().client.ask
}
