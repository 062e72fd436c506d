import { isDeepStrictEqual } from 'node:util'

import { type AlertRow } from '@parley/contracts'
import {
  ALERT_KINDS,
  gatherStorms,
  presentationOf,
  type AlertKind,
  type AlertPresentation,
  type Storm,
  type StormAlert,
} from '@parley/domain'

import { type Listener, type ListeningPost } from '../../feature.ts'
import { type Applied } from '../../store/applied.ts'
import { personNameOf, teamNameOf } from '../accounts/index.ts'
import { mayTakeOver, shownConversation } from '../conversations/index.ts'
import { customerNameIn } from '../customers/index.ts'
import { newestWords } from '../messaging/index.ts'
import { markTold, openAlerts, type CachedAlert } from './kept-alerts.ts'
import { alertPreferencesOf } from './kept-preferences.ts'
import { type AlertNotice, type AlertState } from './notices.ts'

/** A storm is told again when it has grown by this factor. */
const STORM_GROWTH = 1.5

/**
 * Decides what of the cache's open alerts the person is told, once on this device: one by one, many of a kind
 * together, and what came while there was no connection in one sum. The cache knows what was told; it is
 * marked after it was handed over, so that a stop in between tells it twice rather than never.
 */
export class AlertTeller implements Listener {
  readonly #post: Pick<ListeningPost, 'cache' | 'notice' | 'serverNowMs'>
  /** Until the server has said all there is, what comes is old news and waits to be summed up. */
  #isCatchingUp = true
  /** What the desktop may be showing: told and not yet said to be over. */
  readonly #standing = new Set<string>()
  readonly #storms = new Map<string, { told: number; alertIds: Set<string> }>()
  #state: AlertState | null = null

  constructor(post: Pick<ListeningPost, 'cache' | 'notice' | 'serverNowMs'>) {
    this.#post = post
  }

  /** Shows what this device has told before: open escalations have their window again. */
  start(): void {
    for (const { alert, isTold } of this.#open()) {
      if (isTold) this.#standing.add(alert.id)
    }
    this.#state = null
    this.#tellState()
  }

  /** The line is lost: what comes from now on is told on return, as it is by then. */
  lineLost(): void {
    this.#isCatchingUp = true
  }

  /** The cache has everything that the server had to say. */
  live(): void {
    if (!this.#isCatchingUp) return this.#changed()
    this.#isCatchingUp = false
    const open = this.#open()
    this.#endWhatIsOver(open)
    this.#tellMissed(open.filter(({ isTold }) => !isTold).map(({ alert }) => alert))
    this.#tellState()
  }

  applied({ topics }: Applied): void {
    if (topics.has('alert') || topics.has('alert_preferences')) this.#changed()
  }

  #changed(): void {
    const open = this.#open()
    this.#endWhatIsOver(open)
    if (!this.#isCatchingUp) this.#tellNew(open)
    this.#tellState()
  }

  #open(): CachedAlert[] {
    return openAlerts(this.#post.cache)
  }

  #endWhatIsOver(open: readonly CachedAlert[]): void {
    const stillOpen = new Set(open.map(({ alert }) => alert.id))
    for (const id of this.#standing) {
      if (stillOpen.has(id)) continue
      this.#standing.delete(id)
      this.#post.notice({ kind: 'alert_over', alertId: id })
    }
    for (const [key, { told, alertIds }] of this.#storms) {
      const left = new Set([...alertIds].filter((id) => stillOpen.has(id)))
      this.#storms.set(key, { told: Math.min(told, left.size), alertIds: left })
      if (left.size > 0) continue
      this.#storms.delete(key)
      this.#post.notice({ kind: 'alert_storm_over', key })
    }
  }

  #tellNew(open: readonly CachedAlert[]): void {
    const untold = new Set(open.filter(({ isTold }) => !isTold).map(({ alert }) => alert.id))
    if (untold.size === 0) return
    const nowMs = this.#post.serverNowMs()
    const { single, storms } = gatherStorms(
      open.map(({ alert }) => ({ ...alert, raisedAtMs: Date.parse(alert.raisedAt) })),
      nowMs,
    )
    for (const storm of storms) this.#tellStorm(storm)
    for (const alert of single) if (untold.has(alert.id)) this.#tellOne(alert)
    markTold(this.#post.cache, [...untold])
  }

  #tellStorm({ key, kind, teamId, alerts }: Storm<StormAlert & { dueAt: string }>): void {
    const before = this.#storms.get(key) ?? { told: 0, alertIds: new Set<string>() }
    // Those of it that stand still belong to it, however long it goes on.
    const alertIds = new Set([...before.alertIds, ...alerts.map(({ id }) => id)])
    const isNews = alertIds.size >= before.told * STORM_GROWTH
    this.#storms.set(key, { told: isNews ? alertIds.size : before.told, alertIds })
    if (!isNews) return
    // What was told of them one by one gives way to the sum.
    for (const id of alertIds) {
      if (this.#standing.delete(id)) this.#post.notice({ kind: 'alert_over', alertId: id })
    }
    this.#post.notice({
      kind: 'alert_storm',
      key,
      alertKind: kind,
      teamName: this.#teamName(teamId),
      count: alertIds.size,
      minutes: this.#minutesOf(alerts),
      presentation: this.#presentation(kind),
    })
  }

  /** From now to the instant that lies furthest off. */
  #minutesOf(alerts: readonly { dueAt: string }[]): number {
    const nowMs = this.#post.serverNowMs()
    const furthestMs = Math.max(...alerts.map(({ dueAt }) => Math.abs(Date.parse(dueAt) - nowMs)))
    return Math.max(1, Math.ceil(furthestMs / 60_000))
  }

  #tellMissed(missed: readonly AlertRow[]): void {
    const wanted = missed.filter(({ kind }) => this.#presentation(kind).channel !== 'off')
    const ofKind = (kind: AlertKind): number => wanted.filter((one) => one.kind === kind).length
    const escalations = wanted.filter(({ kind }) => kind === 'escalation')
    const others = wanted.filter(({ kind }) => kind !== 'escalation')
    if (wanted.length === 1) for (const alert of others) this.#tellOne(alert)
    else if (others.length > 0) {
      this.#post.notice({
        kind: 'alerts_missed',
        escalations: escalations.length,
        breaches: ofKind('breach'),
        warnings: ofKind('warning'),
        // As the one of them that is told the loudest; escalations speak for themselves.
        presentation: loudest(others.map(({ kind }) => this.#presentation(kind))),
      })
    }
    for (const alert of escalations) this.#tellOne(alert)
    markTold(
      this.#post.cache,
      missed.map(({ id }) => id),
    )
  }

  #tellOne(alert: AlertRow): void {
    this.#standing.add(alert.id)
    this.#post.notice(this.#noticeOf(alert))
  }

  #noticeOf(alert: AlertRow): AlertNotice {
    const { cache, serverNowMs } = this.#post
    const conversation = shownConversation(cache, alert.conversationId)
    const assignedTo = conversation?.assignedTo ?? null
    const dueInMs = Date.parse(alert.dueAt) - serverNowMs()
    return {
      kind: 'alert',
      alertId: alert.id,
      alertKind: alert.kind,
      level: alert.level,
      clock: alert.clock,
      conversationId: alert.conversationId,
      customerName: customerNameIn(cache, alert.conversationId),
      teamName: this.#teamName(conversation?.teamId ?? alert.teamId),
      assigneeName: personNameOf(cache, assignedTo),
      text: newestWords(cache, alert.conversationId),
      dueAtMs: Date.now() + dueInMs,
      isOverdue: dueInMs <= 0,
      presentation: this.#presentation(alert.kind),
      mayTakeOver: conversation !== null && mayTakeOver(cache.actor, conversation),
    }
  }

  #tellState(): void {
    const shown = this.#open()
      .map(({ alert: { kind }, isTold }) => ({
        kind,
        isTold,
        channel: this.#presentation(kind).channel,
      }))
      .filter(({ channel }) => channel !== 'off')
    const state: AlertState = {
      kind: 'alert_state',
      open: shown.length,
      worst: ALERT_KINDS.findLast((kind) => shown.some((one) => one.kind === kind)) ?? 'none',
      escalations: shown.filter(({ kind, isTold }) => kind === 'escalation' && isTold).length,
      isPressing: shown.some(({ kind, channel }) => kind !== 'warning' && channel === 'system'),
    }
    if (isDeepStrictEqual(state, this.#state)) return
    this.#state = state
    this.#post.notice(state)
  }

  #presentation(kind: AlertKind): AlertPresentation {
    return presentationOf(kind, alertPreferencesOf(this.#post.cache), this.#post.serverNowMs())
  }

  #teamName(teamId: string | null): string {
    return teamId === null ? '' : teamNameOf(this.#post.cache, teamId)
  }
}

function loudest(presentations: readonly AlertPresentation[]): AlertPresentation {
  return {
    channel: presentations.some(({ channel }) => channel === 'system') ? 'system' : 'app',
    sound: presentations.some(({ sound }) => sound),
  }
}
