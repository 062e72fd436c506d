import { createServer } from 'node:net'

import { codeOf, StartError } from './start-error.ts'

/**
 * Asked before anything is started.
 * @throws StartError where somebody else listens there, or we may not
 */
export async function requireFreePort(port: number): Promise<void> {
  if (port === 0) return
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EADDRINUSE') throw new StartError(`Port ${port} is in use: stop what uses it, or choose another with --port`)
    if (code === 'EACCES') throw new StartError(`We may not listen on port ${port}: choose one above 1023 with --port`)
    throw error
  }
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
