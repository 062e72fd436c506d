import { spawn } from 'node:child_process'
import { headless, recordOnly } from '../environment.ts'
import { log } from '../host-log.ts'

export const shell = {
  /** Recorded; on a display the desktop opens it too. */
  async openExternal(url: string): Promise<void> {
    log.openedExternal.push(new URL(url).href)
    if (headless || recordOnly) return
    await new Promise<void>((resolve, reject) => {
      const opener = spawn('xdg-open', [url], { stdio: 'ignore', detached: true })
      opener.on('error', reject)
      opener.on('spawn', resolve)
      opener.unref()
    })
  },
  beep(): void {
    process.stderr.write('\u0007')
  },
} satisfies Partial<Electron.Shell>
