type Rectangle = Electron.Rectangle

const DEFAULT_SIZE = { width: 800, height: 600 }

/** Refuses what would run differently here than in Electron, rather than ignoring it. */
export function checkWebPreferences(preferences: Electron.WebPreferences = {}): void {
  const refuse = (what: string): never => {
    throw new Error(`The Chromium stand-in cannot do webPreferences.${what}`)
  }
  if (preferences.nodeIntegration) refuse('nodeIntegration')
  if (preferences.contextIsolation === false) refuse('contextIsolation: false')
  if (preferences.sandbox === false) refuse('sandbox: false')
  if (preferences.webSecurity === false) refuse('webSecurity: false')
  if (preferences.webviewTag) refuse('webviewTag')
  const { autoplayPolicy = 'no-user-gesture-required' } = preferences
  if (autoplayPolicy !== 'no-user-gesture-required') refuse(`autoplayPolicy: '${autoplayPolicy}'`)
  if (preferences.partition !== undefined || preferences.session !== undefined)
    refuse('partition or session')
}

/** In the middle of the display unless the app says otherwise. */
export function initialBounds(
  options: Partial<Rectangle>,
  workArea: Rectangle,
  place?: 'center',
): Rectangle {
  const width = options.width ?? DEFAULT_SIZE.width
  const height = options.height ?? DEFAULT_SIZE.height
  const middleX = workArea.x + Math.max(0, Math.round((workArea.width - width) / 2))
  const middleY = workArea.y + Math.max(0, Math.round((workArea.height - height) / 2))
  if (place === 'center') return { x: middleX, y: middleY, width, height }
  return { x: options.x ?? middleX, y: options.y ?? middleY, width, height }
}
