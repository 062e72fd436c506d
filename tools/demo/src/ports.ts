import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { codeOf, StartError } from './start-error.ts'

/** The threads of a killed process let go of its port a moment after the process counts as ended. */
const PATIENCE_MS = 2_000

/**
 * Asked before anything is started.
 * @param afterLeftovers somebody who may have listened there has just been killed
 * @throws StartError where somebody else listens there, or we may not
 */
export async function requireFreePort(port: number, afterLeftovers: boolean): Promise<void> {
  if (port === 0) return
  const deadline = Date.now() + (afterLeftovers ? PATIENCE_MS : 0)
  for (;;) {
    const code = await tryListen(port)
    if (code === null) return
    if (code === 'EACCES')
      throw new StartError(`We may not listen on port ${port}: choose one above 1023 with --port`)
    if (code !== 'EADDRINUSE')
      throw new StartError(`Port ${port} cannot be used (${code}): choose another with --port`)
    if (Date.now() >= deadline)
      throw new StartError(
        `Port ${port} is in use: stop what uses it, or choose another with --port`,
      )
    await sleep(50)
  }
}

/** @returns null where it can be had, else the system's code */
async function tryListen(port: number): Promise<string | null> {
  const server = createServer()
  const code = await new Promise<string | null>((resolve) => {
    server.once('error', (error) => resolve(codeOf(error) ?? error.message))
    server.listen(port, '127.0.0.1', () => resolve(null))
  })
  if (code === null) await new Promise<void>((resolve) => server.close(() => resolve()))
  return code
}
