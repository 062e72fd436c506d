import { identity } from '../app/identity.ts'
import { report } from '../environment.ts'
import { log } from '../host-log.ts'
import { hasSessionBus, sessionBus } from './session-bus.ts'

/** Tells docks and task bars, by the LauncherEntry signal that Electron sends. @returns whether somebody could listen. */
export function setBadge(count: number): boolean {
  log.badge = count
  if (!hasSessionBus()) return false
  announce(count).catch(report('badge'))
  return true
}

async function announce(count: number): Promise<void> {
  const bus = await sessionBus()
  const { Message, Variant } = (await import('dbus-next')).default
  const desktopFile = identity.desktopName ?? `${identity.name}.desktop`
  const properties = {
    count: new Variant('x', BigInt(count)),
    'count-visible': new Variant('b', count > 0),
  }
  bus.send(
    Message.newSignal(
      '/com/canonical/unity/launcherentry/1',
      'com.canonical.Unity.LauncherEntry',
      'Update',
      'sa{sv}',
      [`application://${desktopFile}`, properties],
    ),
  )
}
