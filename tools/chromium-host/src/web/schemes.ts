/**
 * Chromium cannot be taught a new scheme over DevTools, so `app://name/path` is `http://name.app.localhost/path`
 * to it: a secure context with an origin of its own. Main only ever sees `app://`.
 */
export type SchemeHandler = (request: Request) => Response | Promise<Response>

const registered = new Set<string>()
const handlers = new Map<string, SchemeHandler>()

export const schemes = {
  register: (scheme: string) => void registered.add(scheme),
  isRegistered: (scheme: string) => registered.has(scheme),
  setHandler: (scheme: string, handler: SchemeHandler) => void handlers.set(scheme, handler),
  removeHandler: (scheme: string) => void handlers.delete(scheme),
  handler: (scheme: string) => handlers.get(scheme),
}

/** The app's URL as Chromium loads it; other URLs stay as they are. */
export function toChromiumUrl(url: string): string {
  const [, scheme, host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  if (scheme === undefined || !registered.has(scheme)) return url
  if (!host) throw new TypeError(`${url}: a standard scheme needs a host`)
  return `http://${host}.${scheme}.localhost${rest || '/'}`
}

/** Chromium's URL as the app knows it; other URLs stay as they are. */
export function toAppUrl(url: string): string {
  const [, host, scheme, rest] =
    /^http:\/\/([^/?#]+)\.([a-z][a-z0-9+-]*)\.localhost(\/.*)?$/i.exec(url) ?? []
  return scheme !== undefined && registered.has(scheme) ? `${scheme}://${host}${rest ?? '/'}` : url
}

/** `scheme://host` as Electron reports it for standard schemes, 'null' for opaque ones. */
export function originOf(url: string): string {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(url) ?? []
  if (scheme !== undefined && registered.has(scheme))
    return /^[^:]+:\/\/[^/?#]*/.exec(url)?.[0] ?? 'null'
  return URL.canParse(url) ? new URL(url).origin : 'null'
}
