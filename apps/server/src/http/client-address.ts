import { type IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

import { isIn, listOf, plain } from '../platform/network-addresses.ts'

/** Groups of an IPv6 address that say whose it is: a customer of a provider has the other four for themselves. */
const NETWORK_GROUPS = 4

/** Whose request it is, for limits: an IPv4 address, or the /64 network of an IPv6 address. */
export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string

/**
 * @param trustedProxies addresses and networks (`10.0.0.0/8`) whose word of where a request came from is believed.
 *   From anybody else it is not read: they could write what they like.
 */
export function clientAddressBehind(trustedProxies: readonly string[]): ClientAddress {
  const exactAddress = exactAddressBehind(trustedProxies)
  return (request) => bucketOf(exactAddress(request))
}

/** The same to the last bit, for lists of who may come. */
export function exactAddressBehind(trustedProxies: readonly string[]): ClientAddress {
  const trusted = listOf(trustedProxies)
  return ({ headers, socket }) => {
    const forwarded = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
    let address = plain(socket.remoteAddress ?? '')
    while (isIn(trusted, address)) {
      const before = plain(forwarded.pop() ?? '')
      if (isIP(before) === 0) break
      address = before
    }
    return address
  }
}

/** Whether this address is one of the proxies: it stands for all who come through it. */
export function isProxy(
  trustedProxies: readonly string[],
): (address: string | undefined) => boolean {
  const trusted = listOf(trustedProxies)
  return (address) => isIn(trusted, plain(address ?? ''))
}

function bucketOf(address: string): string {
  if (isIP(address) !== 6) return address === '' ? 'unknown' : address
  const [before = '', after = ''] = (address.split('%')[0] ?? '').split('::')
  const head = before.split(':').filter(Boolean)
  const tail = after.split(':').filter(Boolean)
  const zeros = address.includes('::') ? Array<string>(8 - head.length - tail.length).fill('0') : []
  const groups = [...head, ...zeros, ...tail].slice(0, NETWORK_GROUPS)
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`
}
