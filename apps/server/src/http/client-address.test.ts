import { type IncomingMessage } from 'node:http'

import { expect, test } from 'vitest'

import { isAddressOrNetwork } from '../platform/network-addresses.ts'
import { clientAddressBehind } from './client-address.ts'

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

test('what a stranger says of where they come from is not believed', () => {
  const addressOf = clientAddressBehind([])
  expect(addressOf(from('198.51.100.7', '10.0.0.1'))).toBe('198.51.100.7')
  expect(addressOf(from('::ffff:198.51.100.7'))).toBe('198.51.100.7')
})

test('behind proxies it is whoever reached the first of ours', () => {
  const addressOf = clientAddressBehind(['10.0.0.0/8', '::1'])
  expect(addressOf(from('10.0.0.2', '203.0.113.9, 198.51.100.7, 10.1.1.1'))).toBe('198.51.100.7')
  expect(addressOf(from('::1', '198.51.100.7'))).toBe('198.51.100.7')
  expect(addressOf(from('10.0.0.2'))).toBe('10.0.0.2')
  expect(addressOf(from('10.0.0.2', 'nonsense'))).toBe('10.0.0.2')
})

test('who has a network of IPv6 addresses has one bucket', () => {
  const addressOf = clientAddressBehind([])
  expect(addressOf(from('2001:db8:1:2:aaaa::1'))).toBe('2001:db8:1:2::/64')
  expect(addressOf(from('2001:0db8:1:2::ffff'))).toBe('2001:db8:1:2::/64')
  expect(addressOf(from('2001:db8::1'))).toBe('2001:db8:0:0::/64')
})

test.each([
  ['10.0.0.1', true],
  ['10.0.0.0/8', true],
  ['2001:db8::/32', true],
  ['10.0.0.0/33', false],
  ['proxy.example', false],
  ['10.0.0.0/8/8', false],
])('%s is an address or a network: %s', (text, expected) => {
  expect(isAddressOrNetwork(text)).toBe(expected)
})
