import { connect, type Socket } from 'node:net'

/**
 * Posts prepared bodies over a few kept-alive connections, as fast as they are answered. Plain sockets,
 * because on a small machine a full HTTP client takes what should be the server's.
 */
export async function postAll(
  url: string,
  path: string,
  connections: number,
  until: number,
  next: () => { body: string; signature: string },
): Promise<{ accepted: number; refused: number }> {
  const { hostname, port } = new URL(url)
  const counts = { accepted: 0, refused: 0 }
  await Promise.all(
    Array.from({ length: connections }, () =>
      postOn(hostname, Number(port), path, until, next, counts),
    ),
  )
  return counts
}

function postOn(
  host: string,
  port: number,
  path: string,
  until: number,
  next: () => { body: string; signature: string },
  counts: { accepted: number; refused: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port, noDelay: true })
    let answer = ''
    const post = (): void => {
      if (Date.now() >= until) {
        socket.end()
        resolve()
        return
      }
      const { body, signature } = next()
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
          `x-hub-signature-256: ${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    }
    socket.on('connect', post)
    socket.on('error', reject)
    socket.on('data', (data) => {
      answer += data.toString('latin1')
      const end = answer.indexOf('\r\n\r\n')
      if (end === -1) return
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0)
      if (answer.length < end + 4 + length) return
      if (answer.startsWith('HTTP/1.1 200')) counts.accepted++
      else counts.refused++
      answer = ''
      post()
    })
  })
}
