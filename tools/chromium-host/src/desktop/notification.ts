import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { ClientInterface } from 'dbus-next'
import { identity } from '../app/identity.ts'
import { report } from '../environment.ts'
import { log } from '../host-log.ts'
import { sessionBus } from './session-bus.ts'

const SERVICE = 'org.freedesktop.Notifications'
const URGENCY = { low: 0, normal: 1, critical: 2 }
/** The specification's reasons, in Electron's words. */
const CLOSE_REASONS: Record<number, 'timedOut' | 'userCanceled' | 'applicationHidden'> = {
  1: 'timedOut',
  2: 'userCanceled',
  3: 'applicationHidden',
}

/** Shown notifications by the daemon's id. */
const shown = new Map<number, Notification>()
let daemon: Promise<ClientInterface> | undefined

function notificationDaemon(): Promise<ClientInterface> {
  daemon ??= connect()
  daemon.catch(() => (daemon = undefined)) // it may be started later
  return daemon
}

async function connect(): Promise<ClientInterface> {
  const bus = await sessionBus()
  const object = await bus.getProxyObject(SERVICE, '/org/freedesktop/Notifications')
  const found = object.getInterface(SERVICE)
  found.on('ActionInvoked', (id: number, key: string) =>
    afterAnswers(() => {
      const notification = shown.get(id)
      if (key === 'default') notification?.emit('click', {})
      else
        notification?.emit(
          'action',
          { actionIndex: Number(key), selectionIndex: -1 },
          Number(key),
          -1,
        )
    }),
  )
  found.on('NotificationClosed', (id: number, reason: number) =>
    afterAnswers(() => {
      const notification = shown.get(id)
      shown.delete(id)
      notification?.emit('close', { reason: CLOSE_REASONS[reason] })
    }),
  )
  return found
}

/** Who waits for an answer hears it after all that came in one breath with it: a click must not overtake the number. */
const afterAnswers = (act: () => void): void => void setImmediate(act)

/** A notification of the desktop, by the same D-Bus call that Electron makes on Linux. */
export class Notification extends EventEmitter {
  readonly id: string
  title: string
  body: string
  silent: boolean
  urgency: 'normal' | 'critical' | 'low'
  timeoutType: 'default' | 'never'
  actions: Electron.NotificationAction[]
  #icon: string
  /** The daemon's number; 0 asks for a new one. */
  #number = 0
  /** Resolves when the daemon knows it; closing waits for that. */
  #shown: Promise<unknown> = Promise.resolve()

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super()
    this.id = options.id ?? randomUUID()
    this.title = options.title ?? ''
    this.body = options.body ?? ''
    this.silent = options.silent ?? false
    this.urgency = options.urgency ?? 'normal'
    this.timeoutType = options.timeoutType ?? 'default'
    this.actions = options.actions ?? []
    this.#icon = typeof options.icon === 'string' ? options.icon : ''
  }

  static isSupported(): boolean {
    return true
  }

  show(): void {
    log.notifications.push(this)
    this.#shown = this.#notify().then(
      () => this.emit('show', {}),
      (error: Error) => {
        report('notification')(error)
        this.emit('failed', {}, error.message)
      },
    )
  }

  close(): void {
    this.#shown.then(() => this.#close()).catch(report('closing a notification'))
  }

  async #close(): Promise<void> {
    if (!shown.has(this.#number)) return
    const found = await notificationDaemon()
    await found['CloseNotification']?.(this.#number)
  }

  async #notify(): Promise<void> {
    const found = await notificationDaemon()
    const { Variant } = (await import('dbus-next')).default
    const buttons = this.actions.flatMap((action, index) => [String(index), action.text ?? ''])
    const hints = {
      urgency: new Variant('y', URGENCY[this.urgency]),
      'desktop-entry': new Variant(
        's',
        identity.desktopName?.replace(/\.desktop$/, '') ?? identity.name,
      ),
      'suppress-sound': new Variant('b', this.silent),
      ...(this.#icon && { 'image-path': new Variant('s', this.#icon) }),
    }
    const timeout = this.timeoutType === 'never' ? 0 : -1
    const call = found['Notify'] as (...args: unknown[]) => Promise<number>
    this.#number = await call(
      identity.name,
      this.#number,
      '',
      this.title,
      this.body,
      ['default', 'View', ...buttons],
      hints,
      timeout,
    )
    shown.set(this.#number, this)
  }
}
