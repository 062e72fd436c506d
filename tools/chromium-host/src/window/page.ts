import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { type AttachedPage, chromium } from '../chromium/chromium.ts'
import type { DevToolsSession } from '../chromium/devtools-pipe.ts'
import { logging, warn } from '../environment.ts'
import { applyTheme, forgetPage } from '../desktop/native-theme.ts'
import {
  BINDING,
  DELIVER,
  ISOLATED_WORLD,
  mainWorldScript,
  preloadScript,
} from '../page/page-scripts.ts'
import type { HostMessage, PageMessage } from '../page/preload-environment.ts'
import { toAppUrl } from '../web/schemes.ts'
import { isStartPage } from './start-page.ts'

export interface PageOptions {
  preload: string | undefined
  additionalArguments: string[]
}
export interface ConsoleMessage {
  level: 'debug' | 'info' | 'warning' | 'error'
  message: string
  lineNumber: number
  sourceId: string
}
interface Frame {
  id: string
  parentId?: string
  url: string
  urlFragment?: string
}
interface ConsoleCall {
  type: string
  args: { value?: unknown; description?: string }[]
  stackTrace?: { callFrames: { url: string; lineNumber: number }[] }
}
interface Exception {
  exceptionDetails: { text: string; exception?: { description?: string } }
}
interface Context {
  name: string
  uniqueId: string
  id: number
  auxData?: { frameId?: string }
}

const LEVELS: Record<string, ConsoleMessage['level']> = {
  debug: 'debug',
  warning: 'warning',
  error: 'error',
  assert: 'error',
}

/**
 * One page of Chromium, wired: the preload in its isolated world, messages in both directions, and DevTools events
 * turned into: message, navigated, navigated-in-page, dom-ready, loaded, title, console, crashed, resized,
 * open-requested, gone.
 */
export class Page extends EventEmitter {
  readonly session: DevToolsSession
  readonly targetId: string
  readonly preload: string | undefined
  #isolated: Context | undefined
  #url = ''

  private constructor(attached: AttachedPage, preload: string | undefined) {
    super()
    this.session = attached.session
    this.targetId = attached.info.targetId
    this.preload = preload
  }

  static async wire(attached: AttachedPage, options: PageOptions): Promise<Page> {
    const page = new Page(attached, options.preload)
    page.#listen()
    await page.#prepare(options)
    return page
  }

  deliver(message: HostMessage): void {
    // A page without a preload, or between two documents, has nobody who could listen: as in Electron, it is lost.
    const uniqueContextId = this.#isolated?.uniqueId
    if (uniqueContextId === undefined) return
    const functionDeclaration = `function (json) { globalThis.${DELIVER}(json); }`
    this.session
      .send<Partial<Exception>>('Runtime.callFunctionOn', {
        functionDeclaration,
        uniqueContextId,
        arguments: [{ value: JSON.stringify(message) }],
      })
      .then(
        ({ exceptionDetails }) => {
          if (exceptionDetails) this.#reportException({ exceptionDetails })
        },
        () => {}, // the document went away while the message was on its way
      )
  }

  #listen(): void {
    const { session } = this
    session.on('Runtime.executionContextCreated', ({ context }: { context: Context }) => {
      if (context.name === ISOLATED_WORLD && context.auxData?.frameId === this.targetId)
        this.#isolated = context
    })
    session.on(
      'Runtime.executionContextDestroyed',
      ({ executionContextUniqueId }: { executionContextUniqueId: string }) => {
        if (executionContextUniqueId === this.#isolated?.uniqueId) this.#isolated = undefined
      },
    )
    session.on('Runtime.executionContextsCleared', () => (this.#isolated = undefined))
    session.on(
      'Runtime.bindingCalled',
      (call: { name: string; payload: string; executionContextId: number }) => this.#receive(call),
    )
    session.on('Runtime.consoleAPICalled', (call: ConsoleCall) => this.#console(call))
    session.on('Runtime.exceptionThrown', (exception: Exception) =>
      this.#reportException(exception),
    )
    session.on('Page.frameNavigated', ({ frame }: { frame: Frame }) => {
      if (frame.parentId === undefined) this.#navigated(frame.url + (frame.urlFragment ?? ''))
    })
    session.on(
      'Page.navigatedWithinDocument',
      ({ frameId, url }: { frameId: string; url: string }) => {
        if (frameId !== this.targetId) return
        this.#url = url
        this.emit('navigated-in-page', toAppUrl(url))
      },
    )
    session.on('Page.domContentEventFired', () => this.#emitOfApp('dom-ready'))
    session.on('Page.loadEventFired', () => this.#emitOfApp('loaded'))
    session.on('Page.frameResized', () => this.emit('resized'))
    session.on('Inspector.targetCrashed', () => this.emit('crashed'))
    session.on(
      'Page.windowOpen',
      ({
        url,
        windowName,
        windowFeatures,
      }: {
        url: string
        windowName: string
        windowFeatures: string[]
      }) => {
        this.emit('open-requested', {
          url: toAppUrl(url),
          frameName: windowName,
          features: windowFeatures.join(','),
          disposition: 'foreground-tab',
        })
      },
    )
    // A click with Ctrl or the middle button opens a window without a word from Page.windowOpen.
    session.on(
      'Page.frameRequestedNavigation',
      ({ url, disposition }: { url: string; disposition: string }) => {
        if (disposition === 'newTab')
          this.emit('open-requested', {
            url: toAppUrl(url),
            frameName: '',
            features: '',
            disposition: 'background-tab',
          })
      },
    )
    chromium.watch(this.targetId, {
      changed: ({ title, url }) => {
        if (title && !isStartPage(url) && !url.endsWith(title)) this.emit('title', title)
      },
      gone: () => {
        forgetPage(session)
        this.emit('gone')
      },
    })
  }

  async #prepare({ preload, additionalArguments }: PageOptions): Promise<void> {
    const { session } = this
    const secret = randomBytes(16).toString('hex')
    const { platform, arch, versions, version, env, pid, execPath } = process
    const argv = [execPath, '--type=renderer', ...additionalArguments]
    const preloadSource = preloadScript(secret, preload, {
      platform,
      arch,
      versions,
      version,
      env,
      pid,
      execPath,
      argv,
    })
    applyTheme(session)
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Inspector.enable'),
      session.send('Runtime.addBinding', { name: BINDING, executionContextName: ISOLATED_WORLD }),
      // Its end of the bridge must listen before the preload exposes anything.
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript(secret) }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: preloadSource,
        worldName: ISOLATED_WORLD,
      }),
    ])
  }

  #receive({
    name,
    payload,
    executionContextId,
  }: {
    name: string
    payload: string
    executionContextId: number
  }): void {
    if (name !== BINDING || executionContextId !== this.#isolated?.id) return
    const message = JSON.parse(payload) as PageMessage
    // Who calls must be right even if the report of the navigation were still on its way.
    this.#url = message.url
    this.emit('message', { ...message, url: toAppUrl(message.url) })
  }

  #navigated(url: string): void {
    this.#url = url
    applyTheme(this.session)
    if (!isStartPage(url)) this.emit('navigated', toAppUrl(url))
  }

  #emitOfApp(event: 'dom-ready' | 'loaded'): void {
    if (!isStartPage(this.#url)) this.emit(event)
  }

  #console({ type, args, stackTrace }: ConsoleCall): void {
    const message = args
      .map(({ value, description }) =>
        value === undefined ? (description ?? 'undefined') : String(value),
      )
      .join(' ')
    const source = stackTrace?.callFrames[0]
    const level = LEVELS[type] ?? 'info'
    this.emit('console', {
      level,
      message,
      lineNumber: source?.lineNumber ?? 0,
      sourceId: toAppUrl(source?.url ?? ''),
    } satisfies ConsoleMessage)
    if (logging) warn(`page ${level}: ${message}`)
  }

  #reportException({ exceptionDetails: { text, exception } }: Exception): void {
    warn(`page: uncaught ${exception?.description ?? text}`)
  }
}
