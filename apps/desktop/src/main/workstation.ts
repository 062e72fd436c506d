import { hostname } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { TOPICS, type BridgeEvent, type BridgeEvents, type SessionView } from '@parley/contracts'
import { app, nativeTheme, safeStorage } from 'electron'

import type { EngineWorkerData, Notice } from '../engine/protocol.ts'
import { AccountFile } from './account-file.ts'
import { AlertDesk } from './alerts/alert-desk.ts'
import { AuditExport } from './audit-export.ts'
import { openBridge } from './bridge.ts'
import { leadTo } from './dead-end.ts'
import type { DeepLink } from './deep-link.ts'
import { DeviceWatch } from './device-watch.ts'
import { EngineProcess } from './engine-process.ts'
import { openSignOn } from './external-links.ts'
import type { Log } from './log.ts'
import { setApplicationMenu } from './menu.ts'
import { Notifications } from './notifications.ts'
import { OfferNotifications } from './offer-notifications.ts'
import { PageOpener, type OpenTarget } from './page-opener.ts'
import { policyPath, readPolicy, type Policy } from './policy.ts'
import { PreferencesFile } from './preferences.ts'
import { openSecrets, type Secrets } from './secrets.ts'
import { ProblemNotifications } from './problem-notifications.ts'
import { createShellHandlers } from './shell-handlers.ts'
import type { Spelling } from './spelling.ts'
import { WorkstationWindow } from './window.ts'

export interface WorkstationFiles {
  userData: string
  preload: string
  engine: string
}

/** Where a developer's own server listens. A packaged build asks the person, unless IT has fixed it. */
const DEVELOPMENT_SERVER_URL = 'http://127.0.0.1:4000'

const AUDIT_EXPORT_NAMES = { es: 'parley-auditoria.ndjson', en: 'parley-audit.ndjson' } as const

/** Everything that runs once the app is ready, put together. */
export class Workstation {
  readonly #window: WorkstationWindow
  readonly #opener: PageOpener
  readonly #notifications: Notifications
  readonly #offers: OfferNotifications
  readonly #alerts: AlertDesk
  readonly #problems: ProblemNotifications
  readonly #auditExport: AuditExport
  readonly #device: DeviceWatch
  readonly #engine: EngineProcess
  readonly #preferences: PreferencesFile
  readonly #platform: EngineWorkerData['platform']
  readonly #spelling: Spelling
  readonly #log: Log
  /** The server that this device works with, as far as is known. */
  #serverUrl: string | null
  /** The address of one that a link brought, until the page has taken it. */
  #invitation: string | null = null
  /** What the page says is on the screen. */
  #shownConversation: string | null = null

  static async start(files: WorkstationFiles, spelling: Spelling, log: Log): Promise<Workstation> {
    const secrets = await openSecrets({
      vault: safeStorage,
      userData: files.userData,
      platform: process.platform,
      allowPlain: process.env['PARLEY_ALLOW_PLAIN_KEY_STORE'] === '1',
      isPackaged: app.isPackaged,
      log,
    })
    return new Workstation(files, spelling, secrets, log)
  }

  private constructor(
    files: WorkstationFiles,
    spelling: Spelling,
    secrets: Secrets | null,
    log: Log,
  ) {
    this.#log = log
    this.#spelling = spelling
    const { userData } = files
    const platform = supportedPlatform()
    const policy = readPolicy(policyFile(), process.env, log)
    const preferences = new PreferencesFile(
      join(userData, 'preferences.json'),
      app.getLocale(),
      log,
    )
    this.#preferences = preferences
    this.#platform = platform
    nativeTheme.themeSource = preferences.get().theme
    const account = new AccountFile(join(userData, 'account.json'), {
      mayNamePerson: secrets !== null,
      log,
    })
    this.#serverUrl = policy.serverUrl ?? account.read()?.serverUrl ?? null
    this.#followPreferences()

    this.#window = new WorkstationWindow({
      preload: files.preload,
      stateFile: join(userData, 'window.json'),
      platform,
      language: () => preferences.get().language,
      onState: (state) => this.#windowChanged(state),
      onPageLeft: () => this.#pageLeft(),
      onShown: () => this.#alerts.windowShown(),
      onClosed: () => this.#alerts.windowClosed(),
      log,
    })
    this.#opener = new PageOpener((target) => this.#bringUp(target))
    this.#notifications = new Notifications({
      content: policy.notificationContent,
      language: () => preferences.get().language,
      isInView: (conversationId) => this.#isInView(conversationId),
      openConversation: (conversationId) => this.openConversation(conversationId),
      showWindow: () => this.show(),
      log,
    })
    this.#offers = new OfferNotifications({
      content: policy.notificationContent,
      language: () => preferences.get().language,
      isInView: () => this.#window.isFocused(),
      openOffer: (offerId) => {
        this.#window.show()
        this.#opener.open({ kind: 'offer', offerId })
      },
      log,
    })
    this.#alerts = new AlertDesk({
      window: this.#window,
      preload: files.preload,
      platform,
      content: policy.notificationContent,
      language: () => preferences.get().language,
      isInView: (conversationId) => this.#isInView(conversationId),
      openConversation: (conversationId) => this.openConversation(conversationId),
      openAlerts: () => {
        this.#window.show()
        this.#opener.open({ kind: 'alerts' })
      },
      askEngine: (method, input) => this.#engine.call(method, input),
      log,
    })
    this.#problems = new ProblemNotifications({
      language: () => preferences.get().language,
      showWindow: () => this.show(),
      log,
    })
    this.#engine = new EngineProcess({
      spawn: () =>
        new Worker(files.engine, {
          name: 'engine',
          workerData: engineData({ secrets, policy, platform, userData }),
        }),
      services: {
        readSecret: async (name) => (await secrets?.read(name)) ?? null,
        writeSecret: async (name, value) => {
          if (secrets === null) throw new Error('there is no key store to write to')
          await secrets.write(name, value)
        },
        readAccount: async () => account.read(),
        writeAccount: async (next) => account.write(next),
        openBrowser: openSignOn,
        cameBack: () => this.show(),
      },
      onEvent: (event, payload) => this.#engineSays(event, payload),
      onNotice: (notice) => this.#tellPerson(notice),
      onRestarted: () => void this.#readAgain(),
      log,
    })
    this.#auditExport = new AuditExport({
      askEngine: (method, input) => this.#engine.call(method, input),
      onProgress: (entries) => this.#send('auditExport', { entries }),
      fileName: () => AUDIT_EXPORT_NAMES[preferences.get().language],
      log,
    })
    openBridge({
      isOurs: (contents) => this.#window.owns(contents) || this.#alerts.owns(contents),
      askEngine: (method, input) => this.#engine.call(method, input),
      readEngine: (method, input, held) => this.#engine.read(method, input, held),
      shell: createShellHandlers({
        window: this.#window,
        preferences,
        platform,
        send: (event, payload) => this.#send(event, payload),
        onPreferences: () => {
          this.#followPreferences()
          this.#alerts.refresh()
        },
        openConversation: (conversationId) => this.openConversation(conversationId),
        fitAlertWindow: (height) => this.#alerts.fit(height),
        auditExport: this.#auditExport,
        takeInvitation: () => this.#takeInvitation(),
        onConversationShown: (conversationId) => this.#conversationShown(conversationId),
        log,
      }),
      log,
    })
    this.#device = new DeviceWatch({
      report: (state) => this.#engine.setDevice(state),
      onSleep: () => this.#engine.sleep(),
      onWake: () => this.#engine.wake(),
    })
    this.#engine.start()
    this.#device.start()
    this.#window.show()
  }

  show(): void {
    this.#window.show()
  }

  openConversation(conversationId: string): void {
    this.#window.show()
    this.#opener.open({ kind: 'conversation', conversationId })
  }

  /** An invitation waits until the page takes it, and is sent nowhere before its person says so. */
  openLink(link: DeepLink): void {
    if (link.kind === 'conversation') return this.openConversation(link.conversationId)
    this.#invitation = link.address
    this.#window.show()
    this.#window.send('invitation', {})
  }

  #takeInvitation(): string | null {
    const address = this.#invitation
    this.#invitation = null
    return address
  }

  stop(): Promise<void> {
    this.#device.stop()
    return this.#engine.stop()
  }

  #windowChanged(state: BridgeEvents['window']): void {
    this.#window.send('window', state)
    this.#alerts.refresh()
    if (!this.#window.isFocused()) return
    this.#device.look()
    this.#offers.closeAll()
    this.#seen(this.#shownConversation)
  }

  #tellPerson(notice: Notice): void {
    switch (notice.kind) {
      case 'offer':
        return this.#offers.notify(notice)
      case 'offer_over':
        return this.#offers.over(notice.offerId)
      case 'assigned':
      case 'message':
      case 'answerFailed':
        return this.#notifications.notify(notice)
      case 'readElsewhere':
        return this.#notifications.seen(notice.conversationId)
      case 'problems':
        return this.#problems.notify(notice)
      case 'problem_over':
        return this.#problems.over(notice)
      default:
        return this.#alerts.tell(notice)
    }
  }

  #conversationShown(conversationId: string | null): void {
    this.#shownConversation = conversationId
    this.#opener.pageListens()
    if (this.#window.isFocused()) this.#seen(conversationId)
  }

  #isInView(conversationId: string): boolean {
    return this.#window.isFocused() && this.#shownConversation === conversationId
  }

  #seen(conversationId: string | null): void {
    if (conversationId === null) return
    this.#notifications.seen(conversationId)
    this.#alerts.seen(conversationId)
  }

  #bringUp(target: OpenTarget): void {
    switch (target.kind) {
      case 'offer':
        return this.#window.send('openOffer', { offerId: target.offerId })
      case 'conversation':
        return this.#window.send('openConversation', { conversationId: target.conversationId })
      case 'alerts':
        return this.#window.send('openAlerts', {})
    }
  }

  /** To every page of ours. */
  #send<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void {
    this.#window.send(event, payload)
    this.#alerts.send(event, payload)
  }

  #pageLeft(): void {
    this.#shownConversation = null
    this.#opener.pageLeft()
    this.#auditExport.stop()
  }

  #engineSays(event: BridgeEvent, payload: unknown): void {
    // The engine's own types: see `FromEngine`, which cannot say that the two belong together.
    this.#send(event, payload as BridgeEvents[typeof event])
    if (event === 'session') this.#sessionChanged(payload as SessionView)
  }

  /** What of the person's choices is drawn or done by the system. */
  #followPreferences(): void {
    const { language, checksSpelling, spellingLanguages } = this.#preferences.get()
    setApplicationMenu(this.#platform, language)
    const serverUrl = this.#serverUrl
    leadTo(serverUrl)
      // Before it is led there it would ask in vain.
      .then(() =>
        this.#spelling.apply({ isOn: checksSpelling, languages: spellingLanguages, serverUrl }),
      )
      .catch((error: unknown) => this.#log.error('the spell checker could not be set up', error))
  }

  #sessionChanged(session: SessionView): void {
    if (session.state === 'signed_in' && session.serverUrl !== this.#serverUrl) {
      this.#serverUrl = session.serverUrl
      this.#followPreferences()
    }
    const isGone =
      (session.state === 'locked' && session.words !== null) ||
      (session.state === 'signed_out' && session.lastPerson === null)
    if (isGone) {
      this.#spelling
        .forgetWords()
        .catch((error: unknown) => this.#log.error('added words could not be forgotten', error))
    }
    // Until they sign in again: what there is to be told, the engine says anew then.
    if (session.state !== 'signed_in') this.#alerts.closeAll()
    if (session.state !== 'signed_out' && session.state !== 'locked') return
    this.#notifications.closeAll()
    this.#offers.closeAll()
    this.#problems.closeAll()
    this.#pageLeft()
    this.#opener.forget()
  }

  /** The engine is a new one: the page reads everything again. */
  async #readAgain(): Promise<void> {
    const session = await this.#engine.call('session.get', undefined)
    const connection = await this.#engine.call('connection.get', undefined)
    if (!session.ok || !connection.ok) return // it died again, and will come here again
    this.#engineSays('session', session.value)
    this.#engineSays('connection', connection.value)
    this.#engineSays('changed', {
      conversationIds: null,
      topics: [...TOPICS],
    } satisfies BridgeEvents['changed'])
  }
}

function engineData(given: {
  secrets: Secrets | null
  policy: Policy
  platform: EngineWorkerData['platform']
  userData: string
}): EngineWorkerData {
  return {
    dataFolder: given.secrets === null ? null : given.userData,
    deviceName: hostname(),
    platform: given.platform,
    fixedServerUrl: given.policy.serverUrl,
    allowsHttp: given.policy.allowsHttp,
    leaseMs: given.policy.leaseHours * 3_600_000,
    defaultServerUrl: app.isPackaged ? '' : DEVELOPMENT_SERVER_URL,
  }
}

/** In development and tests another file may stand in for the machine's. */
function policyFile(): string {
  const given = app.isPackaged ? undefined : process.env['PARLEY_POLICY_FILE']
  return given ?? policyPath(process.platform)
}

function supportedPlatform(): EngineWorkerData['platform'] {
  const { platform } = process
  if (platform === 'linux' || platform === 'darwin' || platform === 'win32') return platform
  throw new Error(`Parley does not run on ${platform}`)
}
