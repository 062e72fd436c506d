import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Private to this user: temporary profiles and the sockets of the single-instance lock. */
export function hostFolder(): string {
  const folder = path.join(os.tmpdir(), `parley-chromium-host-${os.userInfo().uid}`)
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** A profile of this process's own. Those of hosts that were killed before they could tidy up go first. */
export function createProfile(): string {
  const folder = hostFolder()
  for (const name of fs.readdirSync(folder)) {
    const owner = /^profile-(\d+)-/.exec(name)?.[1]
    if (owner !== undefined && !isRunning(Number(owner))) removeProfile(path.join(folder, name))
  }
  return fs.mkdtempSync(path.join(folder, `profile-${process.pid}-`))
}

/** Chromium's last writes may still be on their way when its process has ended, hence the retries. */
export function removeProfile(profile: string): void {
  fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
