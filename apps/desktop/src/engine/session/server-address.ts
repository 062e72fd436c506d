import { refusal } from './refusal.ts'

/**
 * A server's address as it is compared and asked. What goes there (a password, tokens, customers' words) goes encrypted:
 * only this device's own needs no encryption, and what IT allows.
 * @throws Refusal `invalid_input`, `insecure_server`
 */
export function serverAddressOf(written: string, { allowsHttp }: { allowsHttp: boolean }): string {
  const url = URL.canParse(written) ? new URL(written) : null
  if (url === null || !/^https?:$/.test(url.protocol) || hasMore(url)) {
    throw refusal('invalid_input', { field: 'serverUrl', problem: 'is no address of a server' })
  }
  if (url.protocol === 'http:' && !allowsHttp && !isLoopback(url.hostname)) {
    throw refusal('insecure_server', { server: url.host })
  }
  return url.href.replace(/\/+$/, '')
}

/** What is no part of an address, and may carry something of somebody's out. */
const hasMore = ({ username, password, search, hash }: URL): boolean =>
  `${username}${password}${search}${hash}` !== ''

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
