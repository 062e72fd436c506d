import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { chromiumPath, headless, logging, report, warn } from '../environment.ts'
import { DevToolsPipe, type DevToolsSession } from './devtools-pipe.ts'
import { createProfile, removeProfile } from './profile.ts'
import { commonSwitches, SERVER_SWITCHES } from './switches.ts'

export interface TargetInfo {
  targetId: string
  url: string
  title: string
  openerId?: string
}
export interface AttachedPage {
  session: DevToolsSession
  info: TargetInfo
  /** The page waits for this before it runs anything. */
  resume(): void
}
export interface TargetWatcher {
  changed(info: TargetInfo): void
  gone(): void
}
/** A request that Chromium holds until it is continued, answered or failed. */
export interface PausedRequest {
  requestId: string
  frameId: string
  resourceType: string
  redirectedRequestId?: string
  request: {
    url: string
    method: string
    headers: Record<string, string>
    postDataEntries?: { bytes?: string }[]
  }
}

interface Start {
  locale: string
  switches: ReadonlyMap<string, string>
  onRequest: (request: PausedRequest) => Promise<void>
  onUnexpectedPage: (page: AttachedPage) => void
}

const WINDOW_SPAWN_LIMIT_MS = 20_000

/** The one Chromium process of this host. */
class Chromium {
  #process: ChildProcess | undefined
  #pipe: DevToolsPipe | undefined
  #profile = ''
  #switches: string[] = []
  #expected = new Map<string, (page: AttachedPage) => void>()
  #watchers = new Map<string, TargetWatcher>()
  #onUnexpectedPage: (page: AttachedPage) => void = () => {}
  #closing = false

  get #connection(): DevToolsPipe {
    if (!this.#pipe) throw new Error('Chromium is not running: wait for app.whenReady()')
    return this.#pipe
  }

  /** The host is ending: whatever was still being asked of Chromium fails now, and means nothing. */
  get isStopping(): boolean {
    return this.#closing
  }

  send<Result = unknown>(method: string, params?: Record<string, unknown>): Promise<Result> {
    return this.#connection.send<Result>(method, params)
  }

  /** Tells of a target's title and of its end, whoever caused it. */
  watch(targetId: string, watcher: TargetWatcher): void {
    this.#watchers.set(targetId, watcher)
  }

  /** Starts Chromium and sets `process.versions.chrome`. */
  async start({ locale, switches, onRequest, onUnexpectedPage }: Start): Promise<void> {
    this.#onUnexpectedPage = onUnexpectedPage
    this.#profile = createProfile()
    this.#switches = commonSwitches(this.#profile, locale, switches)
    const devToolsPort = this.#launch()

    const { product } = await this.send<{ product: string }>('Browser.getVersion')
    const versions = Object.freeze({ ...process.versions, chrome: product.split('/')[1] })
    Object.defineProperty(process, 'versions', {
      value: versions,
      configurable: true,
      enumerable: true,
    })

    this.#listen(onRequest)
    // At the browser's level this covers every page, frame and worker.
    await this.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
    await this.send('Target.setDiscoverTargets', { discover: true })
    await this.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter: [{ type: 'page' }],
    })

    // A test runner connects as soon as it reads this line, so it comes last.
    if (switches.has('remote-debugging-port')) process.stderr.write(`${await devToolsPort}\n`)
  }

  /** A window of its own on `startUrl`, which must not load anything that matters. */
  async openWindow(
    startUrl: (token: string) => string,
    width: number,
    height: number,
  ): Promise<AttachedPage> {
    const token = randomUUID()
    const { promise, resolve, reject } = Promise.withResolvers<AttachedPage>()
    this.#expected.set(token, resolve)
    const url = startUrl(token)
    if (headless) await this.send('Target.createTarget', { url, newWindow: true, width, height })
    else this.#askForAppWindow(url, width, height)
    const timer = setTimeout(
      () => reject(new Error('Chromium opened no window')),
      WINDOW_SPAWN_LIMIT_MS,
    )
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#expected.delete(token)
    }
  }

  /** Ends Chromium and removes its profile; the host may exit afterwards. */
  async stop(): Promise<void> {
    this.#closing = true
    const child = this.#process
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      this.send('Browser.close').catch(() => child.kill('SIGKILL')) // it is closing already or cannot any more
      await Promise.race([ended, delay(3000)])
      child.kill('SIGKILL')
      await ended
    }
    if (this.#profile) removeProfile(this.#profile)
  }

  #listen(onRequest: Start['onRequest']): void {
    const pipe = this.#connection
    pipe.on('Target.attachedToTarget', (event: { sessionId: string; targetInfo: TargetInfo }) =>
      this.#attached(event),
    )
    pipe.on('Target.detachedFromTarget', ({ sessionId }: { sessionId: string }) =>
      pipe.forget(sessionId),
    )
    pipe.on('Target.targetInfoChanged', ({ targetInfo }: { targetInfo: TargetInfo }) =>
      this.#watchers.get(targetInfo.targetId)?.changed(targetInfo),
    )
    pipe.on('Target.targetDestroyed', ({ targetId }: { targetId: string }) => {
      this.#watchers.get(targetId)?.gone()
      this.#watchers.delete(targetId)
    })
    pipe.on(
      'Fetch.requestPaused',
      (request: PausedRequest) => void onRequest(request).catch(report(request.request.url)),
    )
  }

  #launch(): Promise<string> {
    const child = spawn(chromiumPath, [...this.#switches, ...SERVER_SWITCHES], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      // Its own process group: an interrupt from the terminal is the host's to answer. Chromium follows the pipe.
      detached: true,
    })
    this.#process = child
    this.#pipe = new DevToolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable)
    child.on('error', (error) => this.#died(`cannot start ${chromiumPath}: ${error.message}`))
    child.on('exit', (code, signal) => {
      this.#pipe?.close()
      if (!this.#closing) this.#died(`Chromium ended unexpectedly (${signal ?? `code ${code}`})`)
    })

    const { promise, resolve } = Promise.withResolvers<string>()
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      if (line.startsWith('DevTools listening on')) resolve(line)
      else if (logging) process.stderr.write(`[chromium] ${line}\n`)
    })
    return promise
  }

  /** Electron's browser process is one process: without Chromium there is no host either. */
  #died(reason: string): never {
    warn(reason)
    removeProfile(this.#profile)
    process.exit(1)
  }

  /** A window without tabs and address bar can only be asked for by a second process, which the first one takes over from. */
  #askForAppWindow(url: string, width: number, height: number): void {
    const switches = this.#switches.filter((text) => !text.startsWith('--remote-debugging'))
    const asker = spawn(
      chromiumPath,
      [...switches, `--app=${url}`, `--window-size=${width},${height}`],
      { stdio: 'ignore' },
    )
    asker.on('error', report('cannot ask Chromium for a window'))
  }

  #attached({ sessionId, targetInfo }: { sessionId: string; targetInfo: TargetInfo }): void {
    const session = this.#connection.session(sessionId)
    const page: AttachedPage = {
      session,
      info: targetInfo,
      resume: () => session.tell('Runtime.runIfWaitingForDebugger'),
    }
    const token = [...this.#expected.keys()].find((candidate) => targetInfo.url.includes(candidate))
    if (token === undefined) this.#onUnexpectedPage(page)
    else this.#expected.get(token)?.(page)
  }
}

export const chromium = new Chromium()
