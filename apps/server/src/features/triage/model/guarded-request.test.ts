import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo } from 'node:net'

import { afterEach, describe, expect, test } from 'vitest'

import { isRefused, openGuardedEndpoint, RequestFailed } from './guarded-request.ts'

describe('addresses', () => {
  test.each([
    '10.1.2.3',
    '127.0.0.1',
    '172.20.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:c0a8:101',
    '64:ff9b::7f00:1',
  ])('%s is private: only who is allowed to gets there', (address) => {
    expect(isRefused(address, false)).toBe(true)
  })

  test.each(['127.0.0.1', '10.1.2.3', '::1', 'fd00::1', '::ffff:127.0.0.1'])(
    '%s can be allowed',
    (address) => {
      expect(isRefused(address, true)).toBe(false)
    },
  )

  test.each(['169.254.169.254', '0.0.0.0', '224.0.0.1', 'fe80::1', '::', '::ffff:169.254.169.254'])(
    '%s is never allowed',
    (address) => {
      expect(isRefused(address, true)).toBe(true)
    },
  )

  test.each(['93.184.216.34', '2606:2800:220:1::1'])('%s is anybody’s', (address) => {
    expect(isRefused(address, false)).toBe(false)
  })
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

async function post(
  baseUrl: string,
  { allowPrivateAddress = true, timeLimitMs = 10_000 } = {},
): Promise<unknown> {
  const endpoint = openGuardedEndpoint(baseUrl, { allowPrivateAddress })
  try {
    return await endpoint.post('/v1/x', {}, '{}', timeLimitMs)
  } catch (error) {
    if (error instanceof RequestFailed) return error.problem
    throw error
  } finally {
    endpoint.close()
  }
}

describe('requests', () => {
  test('reach the path below the configured one', async () => {
    const seen: unknown[] = []
    const port = await serve((request, response) => {
      seen.push(request.method, request.url)
      response.end('fine')
    })
    expect(await post(`http://127.0.0.1:${port}/models/`)).toEqual({ status: 200, body: 'fine' })
    expect(seen).toEqual(['POST', '/models/v1/x'])
  })

  test('to a private address go nowhere, whichever way it is written', async () => {
    let requests = 0
    const port = await serve((_, response) => {
      requests++
      response.end()
    })
    const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]']
    for (const host of hosts) {
      expect([host, await post(`http://${host}:${port}`, { allowPrivateAddress: false })]).toEqual([
        host,
        'refused_address',
      ])
    }
    expect(requests).toBe(0)
    expect(await post(`http://localhost:${port}`)).toMatchObject({ status: 200 })
  })

  test('follow no redirect', async () => {
    let reached = 0
    const elsewhere = await serve((_, response) => {
      reached++
      response.end()
    })
    const port = await serve((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/` }).end()
    })
    expect(await post(`http://127.0.0.1:${port}`)).toBe('redirected')
    expect(reached).toBe(0)
  })

  test('end when their time is over, also within the answer', async () => {
    const port = await serve((_, response) => response.write('{'))
    expect(await post(`http://127.0.0.1:${port}`, { timeLimitMs: 100 })).toBe('time_limit')
  })

  test('take no answer without end', async () => {
    const port = await serve((_, response) => {
      response.end(Buffer.alloc(1_000_000))
    })
    expect(await post(`http://127.0.0.1:${port}`)).toBe('answer_too_large')
  })

  test('say so where nobody listens', async () => {
    expect(await post('http://127.0.0.1:9')).toBe('unreachable')
  })

  test('begin again on a connection that the other side has just closed', async () => {
    let requests = 0
    const port = await serve((request, response) => {
      requests++
      // The second one comes on a kept connection, and finds it gone.
      if (requests === 2) request.socket.destroy()
      else response.end('fine')
    })
    const endpoint = openGuardedEndpoint(`http://127.0.0.1:${port}`, { allowPrivateAddress: true })
    await endpoint.post('/', {}, '{}', 10_000)
    expect(await endpoint.post('/', {}, '{}', 10_000)).toEqual({ status: 200, body: 'fine' })
    expect(requests).toBe(3)
    endpoint.close()
  })
})
