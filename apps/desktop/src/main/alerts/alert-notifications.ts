import type { UiLanguage } from '@parley/contracts'
import type { AlertKind } from '@parley/domain'
import type { NotificationConstructorOptions } from 'electron'

import type { Notice } from '../../engine/protocol.ts'
import type { Log } from '../log.ts'
import type { Policy } from '../policy.ts'
import { ShownNotifications } from '../shown-notifications.ts'
import {
  buttonWords,
  textOfAlert,
  textOfMissed,
  textOfStorm,
  type NotificationText,
} from './alert-words.ts'

export interface AlertNotificationsOptions {
  content: Policy['notificationContent']
  language(): UiLanguage
  /** Whether the person has this conversation before their eyes. */
  isInView(conversationId: string): boolean
  openConversation(conversationId: string): void
  /** Shows all alerts. */
  openAlerts(): void
  takeOver(conversationId: string): void
  acknowledge(alertId: string): void
  log: Log
}

/**
 * How loud the system is to be. In "do not disturb" warnings and breaches wait, as the person has told their
 * system to; an escalation is critical, and what comes of that is the system's:
 *
 * | system | a critical notification in "do not disturb" |
 * |---|---|
 * | Linux | GNOME and KDE show it all the same, and leave it up until it is answered |
 * | Windows | stays up and comes first in the list; shown in a focus session only if Parley is allowed to there |
 * | macOS | Electron asks for no interruption level: it waits in Notification Centre |
 *
 * That is why an escalation has its own window besides.
 */
const LOUDNESS = {
  warning: { urgency: 'low', timeoutType: 'default' },
  breach: { urgency: 'normal', timeoutType: 'default' },
  escalation: { urgency: 'critical', timeoutType: 'never' },
} as const satisfies Record<AlertKind, NotificationConstructorOptions>

/** The sum of what was missed. */
const MISSED = 'missed'
interface Button {
  text: string
  press(): void
}

/**
 * Alerts as the operating system tells them: one notification an alert, one for a storm, one for what was
 * missed; gone when what they tell of is over.
 */
export class AlertNotifications {
  readonly #options: AlertNotificationsOptions
  /** By alert, by storm, and what was missed. */
  readonly #shown: ShownNotifications
  /** The conversations of alerts that are gone once these are seen. */
  readonly #seenWith = new Map<string, string>()
  /** By alert the level at which it was told here: what the engine says twice is told once. */
  readonly #told = new Map<string, number>()

  constructor(options: AlertNotificationsOptions) {
    this.#options = options
    this.#shown = new ShownNotifications(options.log)
  }

  tellAlert(notice: Notice<'alert'>): void {
    const { alertId, alertKind, conversationId, presentation } = notice
    const level = notice.level ?? 0
    if (level <= (this.#told.get(alertId) ?? -1)) return
    this.#told.set(alertId, level)
    if (presentation.channel !== 'system') return
    const isSeen = alertKind !== 'escalation' && this.#options.isInView(conversationId)
    if (isSeen) return
    const { content, language, openConversation } = this.#options
    // An escalation asks for an answer, which seeing is not.
    if (alertKind !== 'escalation') this.#seenWith.set(alertId, conversationId)
    this.#show(alertId, textOfAlert(notice, content, language()), {
      kind: alertKind,
      isSilent: !presentation.sound,
      buttons: this.#buttonsOf(notice),
      click: () => openConversation(conversationId),
    })
  }

  /** Takes the place of what was said of the same storm before. */
  tellStorm(notice: Notice<'alert_storm'>): void {
    if (notice.presentation.channel !== 'system') return
    this.#show(notice.key, textOfStorm(notice, this.#options.language()), {
      kind: notice.alertKind,
      isSilent: !notice.presentation.sound,
      click: () => this.#options.openAlerts(),
    })
  }

  tellMissed(notice: Notice<'alerts_missed'>): void {
    if (notice.presentation.channel !== 'system') return
    this.#show(MISSED, textOfMissed(notice, this.#options.language()), {
      kind: notice.breaches > 0 ? 'breach' : 'warning',
      isSilent: !notice.presentation.sound,
      click: () => this.#options.openAlerts(),
    })
  }

  /** @param id of an alert, or the key of a storm */
  over(id: string): void {
    this.#told.delete(id)
    this.#seenWith.delete(id)
    this.#shown.close(id)
  }

  /** The person has the conversation before their eyes now. */
  seen(conversationId: string): void {
    for (const [id, seenWith] of this.#seenWith) {
      if (seenWith === conversationId) this.#shown.close(id)
    }
  }

  /** Nobody is signed in any more: names of customers must not stay on the desktop. */
  closeAll(): void {
    this.#told.clear()
    this.#seenWith.clear()
    this.#shown.closeAll()
  }

  /**
   * Where the system has buttons: macOS, Windows, and on Linux most notification servers. Each can be done in
   * the workstation as well.
   */
  #buttonsOf({ alertId, alertKind, conversationId, mayTakeOver }: Notice<'alert'>): Button[] {
    if (alertKind === 'warning') return []
    const { language, openConversation, takeOver, acknowledge } = this.#options
    const words = buttonWords(language())
    const open = { text: words.open, press: () => openConversation(conversationId) }
    const take = { text: words.takeOver, press: () => takeOver(conversationId) }
    const confirm = { text: words.acknowledge, press: () => acknowledge(alertId) }
    return alertKind === 'escalation' && mayTakeOver ? [open, take, confirm] : [open, confirm]
  }

  #show(
    id: string,
    text: NotificationText,
    how: {
      kind: AlertKind
      isSilent: boolean
      buttons?: Button[]
      click(): void
    },
  ): void {
    const { kind, isSilent, buttons = [], click } = how
    const actions = buttons.map(({ text: label }) => ({ type: 'button' as const, text: label }))
    const what = { ...text, ...LOUDNESS[kind], silent: isSilent, actions }
    this.#shown.show(id, what, { click, press: (index) => buttons[index]?.press() })
  }
}
