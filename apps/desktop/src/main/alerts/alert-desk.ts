import type {
  BridgeEvent,
  BridgeEvents,
  BridgeResult,
  EngineMethod,
  UiLanguage,
} from '@parley/contracts'
import { app, type WebContents } from 'electron'

import type { Notice } from '../../engine/protocol.ts'
import type { Log } from '../log.ts'
import type { Policy } from '../policy.ts'
import type { WorkstationWindow } from '../window.ts'
import { AlertNotifications } from './alert-notifications.ts'
import { AlertWindow } from './alert-window.ts'
import { Attention } from './attention.ts'

export type AboutAlerts = Extract<Notice, { kind: `alert${string}` }>

export interface AlertDeskOptions {
  window: Pick<WorkstationWindow, 'isFocused' | 'flash' | 'show'>
  preload: string
  platform: NodeJS.Platform
  content: Policy['notificationContent']
  language(): UiLanguage
  isInView(conversationId: string): boolean
  openConversation(conversationId: string): void
  openAlerts(): void
  askEngine(method: EngineMethod, input: unknown): Promise<BridgeResult<unknown>>
  log: Log
}

/** Everything by which the operating system tells a person of alerts, and what they answer there. */
export class AlertDesk {
  readonly #options: AlertDeskOptions
  readonly #notifications: AlertNotifications
  readonly #window: AlertWindow
  readonly #attention: Attention

  constructor(options: AlertDeskOptions) {
    const { window, preload, platform, content, language, log } = options
    const { isInView, openConversation, openAlerts } = options
    this.#options = options
    this.#notifications = new AlertNotifications({
      content,
      language,
      isInView,
      openConversation,
      openAlerts,
      takeOver: (conversationId) => void this.#takeOver(conversationId),
      acknowledge: (alertId) => void this.#ask('alerts.acknowledge', { alertId }),
      log,
    })
    this.#window = new AlertWindow({ preload, platform, language, log })
    this.#attention = new Attention({
      platform,
      language,
      isFocused: () => window.isFocused(),
      flash: (isFlashing) => window.flash(isFlashing),
      show: () => window.show(),
      openAlerts,
      quit: () => app.quit(),
    })
  }

  tell(notice: AboutAlerts): void {
    switch (notice.kind) {
      case 'alert':
        return this.#notifications.tellAlert(notice)
      case 'alert_over':
        return this.#notifications.over(notice.alertId)
      case 'alert_storm':
        return this.#notifications.tellStorm(notice)
      case 'alert_storm_over':
        return this.#notifications.over(notice.key)
      case 'alerts_missed':
        return this.#notifications.tellMissed(notice)
      case 'alert_state':
        return this.#show(notice)
    }
  }

  /** The person has this conversation before their eyes now. */
  seen(conversationId: string): void {
    this.#notifications.seen(conversationId)
  }

  /** The workstation's window has the focus now, or no longer; or its words are in another language. */
  refresh(): void {
    this.#attention.refresh()
  }

  /** The workstation comes first at a start: its page is the heavier one, and what the person waits for. */
  windowShown(): void {
    this.#window.release()
    this.#attention.refresh()
  }

  /** The workstation's window is closed: but on macOS that is the end, and this one must not keep it from it. */
  windowClosed(): void {
    this.#attention.windowClosed()
    if (this.#options.platform === 'darwin') this.#window.release()
    else this.#window.close()
  }

  /** Nobody is signed in, or nobody may read what is here until they sign in again. */
  closeAll(): void {
    this.#notifications.closeAll()
    this.#window.close()
    this.#attention.calm()
  }

  /** @param height of the small window's content, in CSS pixels */
  fit(height: number): void {
    this.#window.fit(height)
  }

  owns(contents: WebContents): boolean {
    return this.#window.owns(contents)
  }

  send<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void {
    this.#window.send(event, payload)
  }

  #show(state: Notice<'alert_state'>): void {
    this.#window.show(state.escalations > 0)
    this.#attention.update(state)
  }

  /** Shown whether or not it could be taken: why not is said there. */
  async #takeOver(conversationId: string): Promise<void> {
    await this.#ask('conversation.takeOver', { conversationId })
    this.#options.openConversation(conversationId)
  }

  async #ask(method: EngineMethod, input: unknown): Promise<void> {
    const result = await this.#options.askEngine(method, input)
    if (!result.ok) {
      this.#options.log.warn(`${method} from a notification was refused`, {
        code: result.error.code,
      })
    }
  }
}
