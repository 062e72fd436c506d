import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'

import { WebSocketServer } from 'ws'
import { afterEach, expect, test } from 'vitest'

import { patientWebSocket } from './patient-web-socket.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('is given up when nobody answers its greeting', async () => {
  const connections: { destroy(): void }[] = []
  const server = createServer((connection) => {
    connections.push(connection)
    connection.on('error', () => {})
  })
  closers.push(async () => {
    for (const connection of connections) connection.destroy()
    server.close()
    await once(server, 'close')
  })
  const socket = new (patientWebSocket(50))(await listening(server))
  const heard: string[] = []
  for (const event of ['open', 'error', 'close'])
    socket.addEventListener(event, () => heard.push(event))
  await once(socket, 'close')
  expect(heard).toEqual(['error', 'close'])
})

test('once it is open it stays open', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  closers.push(async () => {
    for (const client of server.clients) client.terminate()
    server.close()
    await once(server, 'close')
  })
  const socket = new (patientWebSocket(50))(
    `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
  )
  await once(socket, 'open')
  await new Promise((resolve) => setTimeout(resolve, 120))
  expect(socket.readyState).toBe(WebSocket.OPEN)
  socket.close()
  await once(socket, 'close')
})
