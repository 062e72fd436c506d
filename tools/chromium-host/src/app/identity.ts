/** Who the app is, from its package.json; the bootstrap fills it in before the app's code runs. */
export const identity = {
  name: 'Electron',
  version: '0.0.0',
  desktopName: undefined as string | undefined,
  appPath: process.cwd(),
}
