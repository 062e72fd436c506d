/** Switches from the command line and from `app.commandLine`, on their way to Chromium. */
export const switches = new Map<string, string>()

export function readSwitches(argv: readonly string[]): void {
  for (const argument of argv) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/.exec(argument) ?? []
    if (name !== undefined) switches.set(name, value ?? '')
  }
}

export const commandLine = {
  appendSwitch: (name: string, value = '') => void switches.set(name, value),
  removeSwitch: (name: string) => void switches.delete(name),
  hasSwitch: (name: string) => switches.has(name),
  getSwitchValue: (name: string) => switches.get(name) ?? '',
} satisfies Partial<Electron.CommandLine>
