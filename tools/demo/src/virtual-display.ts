import { startProcess, within, type OwnProcess } from './processes.ts'
import { StartError } from './start-error.ts'

const START_TIMEOUT_MS = 10_000

/** A display that nobody sees, for the real Electron, which has no headless mode. */
export async function startVirtualDisplay(): Promise<{ process: OwnProcess; display: string }> {
  const server = await startProcess({
    name: 'Xvfb',
    command: 'Xvfb',
    // It chooses a free number itself and says which on the fourth channel.
    args: ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-noreset'],
    graceMs: 2_000,
    spawn: { env: process.env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  })
  let number = ''
  const ready = new Promise<void>((resolve) => {
    server.child.stdio[3]?.on('data', (chunk: Buffer) => {
      number += chunk.toString()
      if (number.includes('\n')) resolve()
    })
  })
  await within(Promise.race([ready, server.ended]), START_TIMEOUT_MS)
  if (!number.includes('\n')) {
    await server.stop()
    throw new StartError('Xvfb, which draws where there is no display, did not start')
  }
  return { process: server, display: `:${number.trim()}` }
}
