import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { hostFolder } from '../chromium/profile.ts'
import { warn } from '../environment.ts'

export interface SecondInstance {
  argv: string[]
  workingDirectory: string
  additionalData: unknown
}

/** Delivers one message and exits 0, or 1 when nobody listens. Runs in a process of its own, because the lock must answer at once. */
const MESSENGER = `
  const [socket, message] = process.argv.slice(1);
  require('node:net').connect(socket).on('error', () => process.exit(1)).end(message);
`

let server: net.Server | undefined

/**
 * The lock is a listening socket: binding is atomic, a dead owner refuses connections, and a second instance has
 * somewhere to hand its arguments to. Two starts at the very moment after a crash may both win.
 */
export function acquireLock(
  userData: string,
  mine: SecondInstance,
  onSecondInstance: (other: SecondInstance) => void,
): boolean {
  if (server) return true
  const socket = socketPath(userData)
  const owned = listen(socket, onSecondInstance)
  if (owned) return keep(owned, socket)
  if (spawnSync(process.execPath, ['-e', MESSENGER, socket, JSON.stringify(mine)]).status === 0)
    return false
  fs.rmSync(socket, { force: true })
  const retaken = listen(socket, onSecondInstance)
  return retaken !== undefined && keep(retaken, socket)
}

export function releaseLock(): void {
  server?.close()
  server = undefined
}

export const hasLock = (): boolean => server !== undefined

/** Not inside userData, whose path may be longer than a socket's may be. */
function socketPath(userData: string): string {
  const name = createHash('sha256').update(path.resolve(userData)).digest('hex').slice(0, 16)
  return path.join(hostFolder(), `lock-${name}.sock`)
}

function listen(
  socket: string,
  onSecondInstance: (other: SecondInstance) => void,
): net.Server | undefined {
  const candidate = net.createServer((connection) => {
    let text = ''
    connection.setEncoding('utf8')
    connection.on('data', (part: string) => (text += part))
    connection.on('error', (error) => warn(`second instance: ${error.message}`))
    connection.on('end', () => text && onSecondInstance(JSON.parse(text) as SecondInstance))
  })
  candidate.on('error', () => {}) // told by `listening` too, and at once
  candidate.listen(socket)
  return candidate.listening ? candidate : undefined
}

function keep(owned: net.Server, socket: string): true {
  server = owned
  owned.unref()
  process.on('exit', () => {
    if (server) fs.rmSync(socket, { force: true })
  })
  return true
}
