import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

import dbus from 'dbus-next'

import { test as crew } from './crew.ts'

export interface ShownNotification {
  id: number
  application: string
  title: string
  body: string
  urgency: number
  /** Keys of its buttons, beside `default`, with what stands on them. */
  actions: Record<string, string>
}

/** A session bus of the test's own, with this process as the desktop's notification service on it. */
export interface NotificationDaemon {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  address: string
  shown: ShownNotification[]
  closed: number[]
  /** @param key of one of its buttons; without: on the notification itself */
  click(id: number, key?: string): void
  stop(): void
}

interface Desktops {
  /** For a workstation whose notifications are looked at. */
  newDesktop(): Promise<NotificationDaemon>
}

export const test = crew.extend<Desktops>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  newDesktop: async ({}, use) => {
    const daemons: NotificationDaemon[] = []
    await use(async () => {
      const daemon = await startNotificationDaemon()
      daemons.push(daemon)
      return daemon
    })
    for (const daemon of daemons) daemon.stop()
  },
  // Made after the desktops, workstations are closed before them: they have something to say to the last.
  signIn: async ({ newDesktop, signIn }, use) => {
    void newDesktop
    await use(signIn)
  },
})

async function startNotificationDaemon(): Promise<NotificationDaemon> {
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    // It complains of limits that do not matter here.
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const address = await new Promise<string>((resolve, reject) => {
    bus.once('error', reject)
    bus.once('exit', (code) => reject(new Error(`dbus-daemon ended with ${code}`)))
    createInterface({ input: bus.stdout }).once('line', resolve)
  })
  const connection = dbus.sessionBus({ busAddress: address })
  const shown: ShownNotification[] = []
  const closed: number[] = []

  class Notifications extends dbus.interface.Interface {
    Notify(
      application: string,
      replaces: number,
      _icon: string,
      title: string,
      body: string,
      actions: string[],
      hints: Record<string, { value: unknown }>,
    ): number {
      const id = replaces === 0 ? shown.length + 1 : replaces
      shown.push({
        id,
        application,
        title,
        body,
        urgency: Number(hints['urgency']?.value ?? 1),
        actions: inPairs(actions),
      })
      return id
    }
    CloseNotification(id: number): void {
      closed.push(id)
    }
    GetCapabilities(): string[] {
      return ['body', 'actions']
    }
    GetServerInformation(): string[] {
      return ['test', 'parley', '1', '1.2']
    }
    ActionInvoked(id: number, key: string): [number, string] {
      return [id, key]
    }
    NotificationClosed(id: number, reason: number): [number, number] {
      return [id, reason]
    }
  }
  Notifications.configureMembers({
    methods: {
      Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
      CloseNotification: { inSignature: 'u', outSignature: '' },
      GetCapabilities: { outSignature: 'as' },
      GetServerInformation: { outSignature: 'ssss' },
    },
    signals: { ActionInvoked: { signature: 'us' }, NotificationClosed: { signature: 'uu' } },
  })
  const service = new Notifications('org.freedesktop.Notifications')
  await connection.requestName('org.freedesktop.Notifications', 0)
  connection.export('/org/freedesktop/Notifications', service)

  return {
    address,
    shown,
    closed,
    click: (id, key = 'default') => void service.ActionInvoked(id, key),
    stop() {
      connection.disconnect()
      bus.kill('SIGTERM')
    },
  }
}

/** As the specification sends them: key, label, key, label. */
function inPairs(actions: readonly string[]): Record<string, string> {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < actions.length; index += 2) {
    pairs.push([actions[index] as string, actions[index + 1] as string])
  }
  return Object.fromEntries(pairs.filter(([key]) => key !== 'default'))
}
