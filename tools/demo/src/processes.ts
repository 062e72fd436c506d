import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process of ours with whatever it has started, as one group. */
export interface OwnProcess {
  name: string
  pid: number
  child: ChildProcess
  /** Resolves when it has ended, however that came about. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Asks it to end, insists after the time it has for it, and leaves nothing of its group. Repeatable. */
  stop(): Promise<void>
}

export interface OwnProcessOptions {
  name: string
  command: string
  args: readonly string[]
  /** Milliseconds from the request to the kill. */
  graceMs: number
  /** Asks it to end; default: SIGTERM. */
  askToEnd?: (child: ChildProcess) => void
  /** Stops it when this aborts. */
  stopped?: AbortSignal
  spawn: Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'>
}

/** The groups that may have something running in them. */
const live = new Set<number>()
let guard: ChildProcess | null = null

/**
 * Outlives us, whatever ends us, by as long as it takes ours to end by themselves, and then kills the groups that it
 * was told of and not told off.
 */
const GUARD = `
trap '' INT TERM HUP
groups=' '
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups$group "
  else groups=$(printf %s "$groups" | sed "s/ $group / /"); fi
done
[ "$groups" = ' ' ] && exit
sleep 7
for group in $groups; do kill -KILL -"$group"; done`

/** From now on this group ends with us, in whatever way that happens. */
export function holdGroup(pid: number): void {
  live.add(pid)
  if (process.platform === 'win32') return
  guard ??= spawn('/bin/sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.stdin?.write(`+ ${pid}\n`)
}

/** Ends at once what is left of a group. Nothing is normal. */
export function endGroup(pid: number): void {
  killGroup(pid)
  live.delete(pid)
  guard?.stdin?.write(`- ${pid}\n`)
}

/** The last resort: at once, in no order. */
export function killEverything(): void {
  for (const pid of live) killGroup(pid)
}

/**
 * Starts a process as the leader of a group of its own: Ctrl-C in the terminal is for us, who then end
 * everything in order.
 * @throws Error where it cannot be started
 */
export async function startProcess(options: OwnProcessOptions): Promise<OwnProcess> {
  const child = spawn(options.command, [...options.args], {
    ...options.spawn,
    detached: process.platform !== 'win32',
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) =>
      reject(new Error(`${options.name} cannot be started: ${error.message}`, { cause: error })),
    )
  })
  const pid = child.pid as number
  holdGroup(pid)
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  let stopping: Promise<void> | undefined

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      if (options.askToEnd === undefined) child.kill('SIGTERM')
      else options.askToEnd(child)
      await within(ended, options.graceMs)
    }
    endGroup(pid)
    await ended
  }

  const own = { name: options.name, pid, child, ended, stop: () => (stopping ??= stop()) }
  const { stopped } = options
  if (stopped?.aborted === true) void own.stop()
  else stopped?.addEventListener('abort', () => void own.stop(), { once: true })
  return own
}

/** Whether it came within the time. */
export async function within(event: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(
    (resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)),
  )
  try {
    return await Promise.race([event.then(() => true as const), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Ends at once what is left of a group. Nothing is normal. */
export function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Tells a process from a later one with the same number: on Linux its start in clock ticks since boot, else
 * null. Null also where it has ended.
 */
export function startOfProcess(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the name, may hold spaces and ends with the last parenthesis.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not noticed.
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
}
