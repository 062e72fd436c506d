import type { UiLanguage } from '@parley/contracts'
import { Menu, Tray, app, nativeImage, type NativeImage } from 'electron'

import type { Notice } from '../../engine/protocol.ts'
import { TRAY_ICON_SIZE, drawTrayIcon } from './tray-icon.ts'

export interface AttentionOptions {
  platform: NodeJS.Platform
  language(): UiLanguage
  /** Whether the workstation's window is before the person's eyes. */
  isFocused(): boolean
  flash(isFlashing: boolean): void
  show(): void
  openAlerts(): void
  quit(): void
}

const CALM: Notice<'alert_state'> = {
  kind: 'alert_state',
  open: 0,
  worst: 'none',
  escalations: 0,
  isPressing: false,
}

const WORDS = {
  es: {
    none: 'Parley',
    warning: 'Parley: algo está por vencer',
    breach: 'Parley: algo venció',
    escalation: 'Parley: hay una escalación',
    show: 'Mostrar Parley',
    alerts: (open: number) => (open === 0 ? 'Alertas' : `Alertas (${open})`),
    quit: 'Salir',
  },
  en: {
    none: 'Parley',
    warning: 'Parley: something is due soon',
    breach: 'Parley: something is overdue',
    escalation: 'Parley: there is an escalation',
    show: 'Show Parley',
    alerts: (open: number) => (open === 0 ? 'Alerts' : `Alerts (${open})`),
    quit: 'Quit',
  },
} as const satisfies Record<UiLanguage, unknown>

/**
 * What the desktop shows of open alerts all the time: the number at the app's icon, the tray, and a flashing
 * entry in the task bar (a bouncing icon on macOS) for what presses while the person looks elsewhere. The
 * system is asked only where something has changed.
 */
export class Attention {
  readonly #options: AttentionOptions
  readonly #tray: Tray
  readonly #icons = new Map<Notice<'alert_state'>['worst'], NativeImage>()
  #state = CALM
  /** What the desktop was asked for last. */
  #asked = { badge: 0, isFlashing: false, icon: CALM.worst, toolTip: '', menu: '' }

  constructor(options: AttentionOptions) {
    this.#options = options
    this.#tray = new Tray(this.#icon(CALM.worst))
    this.#tray.on('click', () => options.show())
    this.refresh()
  }

  update(state: Notice<'alert_state'>): void {
    this.#state = state
    this.refresh()
  }

  /** Nobody is signed in, or the workstation is locked. */
  calm(): void {
    this.update(CALM)
  }

  /** Its entry in the task bar is gone, and the flashing with it. */
  windowClosed(): void {
    this.#asked.isFlashing = false
  }

  /** The language, the window or its focus may have changed. */
  refresh(): void {
    this.#showBadge()
    this.#showTray()
    this.#flash()
  }

  #showBadge(): void {
    const { open } = this.#state
    if (open === this.#asked.badge) return
    this.#asked.badge = open
    app.setBadgeCount(open)
  }

  #showTray(): void {
    const { worst, open } = this.#state
    const words = WORDS[this.#options.language()]
    if (worst !== this.#asked.icon) this.#tray.setImage(this.#icon(worst))
    if (words[worst] !== this.#asked.toolTip) this.#tray.setToolTip(words[worst])
    const menu = [words.show, words.alerts(open), words.quit]
    if (menu.join() !== this.#asked.menu) this.#setMenu(menu)
    Object.assign(this.#asked, { icon: worst, toolTip: words[worst], menu: menu.join() })
  }

  /** Anew each time: Linux takes no changes of a menu that it has been given. */
  #setMenu([show = '', alerts = '', quit = '']: string[]): void {
    const options = this.#options
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: show, click: () => options.show() },
        { label: alerts, click: () => options.openAlerts() },
        { type: 'separator' },
        { label: quit, click: () => options.quit() },
      ]),
    )
  }

  #flash(): void {
    const isFlashing = this.#state.isPressing && !this.#options.isFocused()
    if (isFlashing === this.#asked.isFlashing) return
    this.#asked.isFlashing = isFlashing
    this.#options.flash(isFlashing)
  }

  #icon(worst: Notice<'alert_state'>['worst']): NativeImage {
    const known = this.#icons.get(worst)
    if (known !== undefined) return known
    const isTemplate = this.#options.platform === 'darwin'
    // Sixteen points at twice the density; the trays of Linux count in pixels.
    const scaleFactor = this.#options.platform === 'linux' ? 1 : 2
    const image = nativeImage.createFromBuffer(drawTrayIcon(worst, { isTemplate }), {
      width: TRAY_ICON_SIZE,
      height: TRAY_ICON_SIZE,
      scaleFactor,
    })
    if (isTemplate) image.setTemplateImage(true)
    this.#icons.set(worst, image)
    return image
  }
}
