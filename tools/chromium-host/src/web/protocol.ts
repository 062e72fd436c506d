import { isReady } from '../app/readiness.ts'
import { schemes, type SchemeHandler } from './schemes.ts'

/** Electron's `protocol`, for schemes of the app's own. */
export const protocol = {
  registerSchemesAsPrivileged(customSchemes: Electron.CustomScheme[]): void {
    if (isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme } of customSchemes) schemes.register(scheme)
  },

  handle(scheme: string, handler: SchemeHandler): void {
    if (!isReady()) throw new Error('protocol.handle can only be used after app is ready')
    if (!schemes.isRegistered(scheme))
      throw new Error(
        `The Chromium stand-in only handles privileged schemes, '${scheme}' is not registered as one`,
      )
    if (schemes.handler(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    schemes.setHandler(scheme, handler)
  },

  unhandle(scheme: string): void {
    if (!schemes.handler(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`)
    schemes.removeHandler(scheme)
  },

  isProtocolHandled(scheme: string): boolean {
    return schemes.handler(scheme) !== undefined
  },
} satisfies Partial<Electron.Protocol>
