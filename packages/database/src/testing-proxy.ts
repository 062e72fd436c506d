import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

export type FreezingProxy = {
  /** The same database by way of the proxy. */
  connectionString: string
  /** From now on nothing comes through, and nobody is told: connections stay open, and new ones are taken. */
  freeze: () => void
  /** New connections come through again. Those of before stay as they are, open and dead. */
  thaw: () => void
  stop: () => Promise<void>
}

/** A network between a server and its database that can go quiet. */
export async function startFreezingProxy(connectionString: string): Promise<FreezingProxy> {
  const target = new URL(connectionString)
  const sockets = new Set<Socket>()
  let isFrozen = false

  // A goodbye that is not passed on is not answered either.
  const server = createServer({ allowHalfOpen: true }, (near) => {
    keep(near)
    if (isFrozen) return
    const { hostname: host, port } = target
    const far = keep(connect({ host, port: Number(port), allowHalfOpen: true }))
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  function keep(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    return socket
  }

  const proxied = new URL(connectionString)
  proxied.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    connectionString: proxied.href,
    freeze() {
      isFrozen = true
      for (const socket of sockets) {
        socket.unpipe()
        // Taken from the wire, so that the other side's words seem to arrive.
        socket.resume()
      }
    },
    thaw: () => void (isFrozen = false),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
