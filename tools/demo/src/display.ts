import { connect } from 'node:net'

/**
 * Whether windows can be shown. On Linux somebody must answer behind DISPLAY or WAYLAND_DISPLAY: a variable
 * alone, left over from elsewhere, is not a display.
 */
export async function hasDisplay(
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const { WAYLAND_DISPLAY: wayland, XDG_RUNTIME_DIR: runtime, DISPLAY: display } = env
  if (wayland !== undefined && wayland !== '') {
    const path = wayland.startsWith('/') ? wayland : `${runtime ?? ''}/${wayland}`
    if (await answers({ path })) return true
  }
  if (display === undefined || display === '') return false
  const parts = /^(?<host>[^:]*):(?<number>\d+)(\.\d+)?$/.exec(display)?.groups
  if (parts === undefined) return false
  const socket = `/tmp/.X11-unix/X${parts['number']}`
  if (parts['host'] === '' || parts['host'] === 'unix') {
    // Some servers listen only in the abstract namespace.
    return (await answers({ path: socket })) || answers({ path: `\0${socket}` })
  }
  return answers({ host: parts['host'] as string, port: 6000 + Number(parts['number']) })
}

function answers(address: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    const finish = (answer: boolean) => (): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(2000, finish(false))
    socket.once('connect', finish(true))
    socket.once('error', finish(false))
  })
}
