import { expect } from '@playwright/test'
import dbus from 'dbus-next'
import { events, test } from './fixture-app.ts'

const NAME = 'org.freedesktop.Notifications'
type Call = [
  app: string,
  replaces: number,
  icon: string,
  title: string,
  body: string,
  actions: string[],
  hints: Record<string, dbus.Variant>,
  timeout: number,
]

/** This test process is the desktop's notification daemon. */
class Daemon extends dbus.interface.Interface {
  calls: Call[] = []
  closed: number[] = []
  /** Somebody clicks on what is shown as soon as it is. */
  clicksAtOnce = false

  Notify(...call: Call): number {
    const id = this.calls.push(call)
    if (this.clicksAtOnce) process.nextTick(() => this.ActionInvoked(id, 'default'))
    return id
  }
  CloseNotification(id: number): void {
    this.closed.push(id)
    this.NotificationClosed(id, 3)
  }
  GetCapabilities(): string[] {
    return ['body', 'actions']
  }
  GetServerInformation(): string[] {
    return ['test', 'parley', '1', '1.2']
  }
  ActionInvoked(id: number, key: string): unknown {
    return [id, key]
  }
  NotificationClosed(id: number, reason: number): unknown {
    return [id, reason]
  }
}
Daemon.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u', outSignature: '' },
    GetCapabilities: { outSignature: 'as' },
    GetServerInformation: { outSignature: 'ssss' },
  },
  signals: { ActionInvoked: { signature: 'us' }, NotificationClosed: { signature: 'uu' } },
})

test.describe('on a session bus', () => {
  let daemon: Daemon
  let bus: dbus.MessageBus

  test.beforeEach(async () => {
    bus = dbus.sessionBus()
    daemon = new Daemon(NAME)
    await bus.requestName(NAME, 0)
    bus.export('/org/freedesktop/Notifications', daemon)
  })
  test.afterEach(() => bus.disconnect())

  test('a notification that is closed before the daemon has answered is closed all the same', async ({
    electronApp,
  }) => {
    await electronApp.evaluate(({ Notification }) => {
      const notification = new Notification({ title: 'Gone at once' })
      notification.show()
      notification.close()
    })
    await expect.poll(() => daemon.closed).toEqual([1])
  })

  test('a click that comes in one breath with the number of its notification is heard', async ({
    page,
  }) => {
    daemon.clicksAtOnce = true
    await page.evaluate(() => window.api.invoke('notify', { title: 'Clicked at once', body: '' }))
    await expect(page.getByTestId('ticks').locator('li')).toHaveText(['clicked Clicked at once'])
  })

  test('a notification is a D-Bus call; its click, buttons and end come back', async ({
    electronApp,
    page,
  }) => {
    await page.evaluate(() =>
      window.api.invoke('notify', {
        title: 'First response due',
        body: 'Ana waits',
        urgency: 'critical',
        silent: true,
        timeoutType: 'never',
        actions: [{ type: 'button', text: 'Take over' }],
      }),
    )
    await expect.poll(() => daemon.calls.length).toBe(1)
    const [app, replaces, , title, body, actions, hints, timeout] = daemon.calls[0] as Call
    expect({ app, replaces, title, body, actions, timeout }).toEqual({
      app: 'host-fixture',
      replaces: 0,
      title: 'First response due',
      body: 'Ana waits',
      actions: ['default', 'View', '0', 'Take over'],
      timeout: 0,
    })
    expect([hints['urgency']?.value, hints['suppress-sound']?.value]).toEqual([2, true])
    await expect.poll(() => events(electronApp, 'notification shown')).toHaveLength(1)

    daemon.ActionInvoked(1, 'default')
    await expect(page.getByTestId('ticks').locator('li')).toHaveText(['clicked First response due'])
    daemon.ActionInvoked(1, '0')
    await expect(page.getByTestId('ticks').locator('li').last()).toHaveText(
      'action 0 of First response due',
    )

    await electronApp.evaluate(() =>
      (
        globalThis as unknown as { lastNotification: Electron.Notification }
      ).lastNotification.close(),
    )
    await expect.poll(() => daemon.closed).toEqual([1])
    await expect
      .poll(() => events(electronApp, 'notification closed'))
      .toEqual([['notification closed', 'First response due', 'applicationHidden']])
  })

  test('the badge is the LauncherEntry signal of docks and task bars', async ({
    electronApp,
    page,
  }) => {
    const signal = new Promise<unknown[]>((resolve) =>
      bus.on('message', (message) => message.member === 'Update' && resolve(message.body)),
    )
    await bus.call(
      new dbus.Message({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'AddMatch',
        signature: 's',
        body: ["type='signal',interface='com.canonical.Unity.LauncherEntry'"],
      }),
    )
    expect(await electronApp.evaluate(({ app }) => app.setBadgeCount(7))).toBe(true)
    const [entry, properties] = (await signal) as [string, Record<string, dbus.Variant>]
    expect([entry, properties['count']?.value, properties['count-visible']?.value]).toEqual([
      'application://host-fixture.desktop',
      7n,
      true,
    ])
    expect(page.isClosed()).toBe(false)
  })
})

test('without a daemon a notification fails, and is recorded all the same', async ({
  electronApp,
  page,
}) => {
  await page.evaluate(() => window.api.invoke('notify', { title: 'Nobody shows it', body: '' }))
  await expect.poll(() => events(electronApp, 'notification failed')).toHaveLength(1)
  expect(
    await electronApp.evaluate(() =>
      globalThis.__electronHost.log.notifications.map(({ title }) => title),
    ),
  ).toEqual(['Nobody shows it'])
})
