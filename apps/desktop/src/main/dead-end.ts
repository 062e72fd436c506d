import { app, session } from 'electron'

/** Nobody listens there, and nobody but an administrator could. */
const PROXY = 'http://127.0.0.1:9'
/** Not even this device's own addresses are reached beside it. */
const NOT_BESIDE = '<-loopback>'
/** No UDP but by a proxy that carries it: this one carries nothing. */
export const WEB_RTC_POLICY = 'disable_non_proxied_udp'

/**
 * What a page sends past its content security policy, as WebRTC does, ends at a proxy that is not there: over TCP by that
 * itself, over UDP by not being allowed without one. Before the app is ready.
 */
export function leadNowhere(): void {
  app.commandLine.appendSwitch('proxy-server', PROXY)
  app.commandLine.appendSwitch('proxy-bypass-list', NOT_BESIDE)
  app.commandLine.appendSwitch('webrtc-ip-handling-policy', WEB_RTC_POLICY)
}

/** The one server that Chromium itself asks for something, which is the spell checker's dictionaries. */
export async function leadTo(serverUrl: string | null): Promise<void> {
  const beside = serverUrl === null ? [] : [new URL(serverUrl).host]
  await session.defaultSession.setProxy({
    mode: 'fixed_servers',
    proxyRules: PROXY,
    proxyBypassRules: [NOT_BESIDE, ...beside].join(','),
  })
}
