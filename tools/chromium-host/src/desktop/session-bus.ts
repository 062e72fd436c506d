import type { MessageBus } from 'dbus-next'

let connection: Promise<MessageBus> | undefined

export const hasSessionBus = (): boolean => Boolean(process.env.DBUS_SESSION_BUS_ADDRESS)

/** The desktop's session bus. @throws when there is none. */
export function sessionBus(): Promise<MessageBus> {
  connection ??= connect()
  return connection
}

async function connect(): Promise<MessageBus> {
  if (!hasSessionBus()) throw new Error('no session bus: DBUS_SESSION_BUS_ADDRESS is not set')
  const { default: dbus } = await import('dbus-next')
  const bus = dbus.sessionBus()
  await new Promise<void>((resolve, reject) => {
    bus.on('connect', resolve)
    bus.on('error', (error: Error) => {
      connection = undefined // the next use tries anew
      reject(error)
    })
  })
  return bus
}
