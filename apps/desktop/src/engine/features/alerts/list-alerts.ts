import { type AlertRow, type AlertView } from '@parley/contracts'
import { ALERT_KINDS, presentationOf, type Actor, type AlertPreferences } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { personNameOf, personOf, readLoads, readPresences } from '../accounts/index.ts'
import { mayTakeOver, shownConversation } from '../conversations/index.ts'
import { customerNameIn } from '../customers/index.ts'
import { newestOfCustomer } from '../messaging/index.ts'
import { ENDED_ALERTS_KEPT_MS, gravityOf, recentAlerts } from './kept-alerts.ts'
import { alertPreferencesOf } from './kept-preferences.ts'

/** What is the same for every alert of a list. */
interface Surroundings {
  cache: Cache
  actor: Actor
  loads: ReadonlyMap<string, number>
  presenceOf: ReturnType<typeof readPresences>
  preferences: AlertPreferences
  nowMs: number
}

/**
 * Alerts to this person: open ones before those that ended within a day, of each the gravest first, then the
 * newest.
 *
 * @param nowMs by the server's clock, epoch milliseconds
 */
export function listAlerts(cache: Cache, nowMs: number): AlertView[] {
  const surroundings: Surroundings = {
    cache,
    actor: cache.actor,
    loads: readLoads(cache),
    presenceOf: readPresences(cache),
    preferences: alertPreferencesOf(cache),
    nowMs,
  }
  return recentAlerts(cache, new Date(nowMs - ENDED_ALERTS_KEPT_MS).toISOString())
    .toSorted(byUrgency)
    .map((alert) => toAlertView(alert, surroundings))
}

/** Of equals the order that they have stays: the newest first. */
function byUrgency(a: AlertRow, b: AlertRow): number {
  const rank = (alert: AlertRow): number =>
    (alert.endedAt === null ? 0 : ALERT_KINDS.length) - gravityOf(alert)
  return rank(a) - rank(b)
}

function toAlertView(alert: AlertRow, surroundings: Surroundings): AlertView {
  const { cache, actor, loads, presenceOf, preferences, nowMs } = surroundings
  const conversation = shownConversation(cache, alert.conversationId)
  const assignedTo = conversation?.assignedTo ?? null
  const assignee = assignedTo === null ? null : personOf(cache, assignedTo)
  return {
    id: alert.id,
    kind: alert.kind,
    clock: alert.clock,
    conversationId: alert.conversationId,
    title: customerNameIn(cache, alert.conversationId),
    channel: conversation?.channel ?? null,
    priority: conversation?.priority ?? null,
    teamId: conversation?.teamId ?? alert.teamId,
    assignedTo,
    assigneeName: personNameOf(cache, assignedTo),
    assigneeLoad:
      assignee === null
        ? null
        : { load: loads.get(assignee.id) ?? 0, capacity: presenceOf(assignee.id).capacity },
    waitingSince: conversation?.waitingSince ?? null,
    preview: newestOfCustomer(cache, alert.conversationId),
    dueAt: alert.dueAt,
    targetSeconds:
      conversation?.clocks.find(({ name }) => name === alert.clock)?.targetSeconds ?? null,
    raisedAt: alert.raisedAt,
    level: alert.level,
    risesAt: alert.risesAt,
    endedAt: alert.endedAt,
    endReason: alert.endReason,
    acknowledgedByName: personNameOf(cache, alert.acknowledgedBy),
    channelNow: presentationOf(alert.kind, preferences, nowMs).channel,
    mayTakeOver: conversation !== null && mayTakeOver(actor, conversation),
  }
}
