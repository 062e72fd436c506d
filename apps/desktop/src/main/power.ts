import { powerMonitor } from 'electron'

/** After sleep or a locked screen the line is stale before anybody notices: the engine looks at once. */
export function watchPower(hurry: () => void): void {
  powerMonitor.on('resume', hurry)
  powerMonitor.on('unlock-screen', hurry)
}
