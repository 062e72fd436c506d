import { EventEmitter } from 'node:events'
import { log } from '../host-log.ts'
import { net } from './net.ts'
import { protocol } from './protocol.ts'

/** A setter that keeps the handler's name for tests and nothing more: the README tells what that cannot show. */
const recorded = (name: string) => (): void => {
  if (!log.sessionHandlers.includes(name)) log.sessionHandlers.push(name)
}

/** The default session, the only one there is. */
const defaultSession = Object.assign(new EventEmitter(), {
  protocol,
  fetch: net.fetch,
  setPermissionRequestHandler: recorded('setPermissionRequestHandler'),
  setPermissionCheckHandler: recorded('setPermissionCheckHandler'),
  setDevicePermissionHandler: recorded('setDevicePermissionHandler'),
  setCertificateVerifyProc: recorded('setCertificateVerifyProc'),
  setSpellCheckerEnabled: recorded('setSpellCheckerEnabled'),
  webRequest: {
    onBeforeRequest: recorded('webRequest.onBeforeRequest'),
    onBeforeSendHeaders: recorded('webRequest.onBeforeSendHeaders'),
    onHeadersReceived: recorded('webRequest.onHeadersReceived'),
  },
})

export type DefaultSession = typeof defaultSession
export const session = { defaultSession }
