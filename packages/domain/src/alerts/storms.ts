import { type AlertKind } from './preferences.ts'

/** Alerts of a kind and a team that come within this time belong together. */
export const STORM_WINDOW_MS = 5 * 60_000
/** From so many on they are told as one. */
export const STORM_FROM = 4

export interface StormAlert {
  id: string
  kind: AlertKind
  teamId: string | null
  raisedAtMs: number
}

/** An escalation is never one of a storm. */
export type StormKind = Exclude<AlertKind, 'escalation'>

export interface Storm<Alert extends StormAlert> {
  /** Stays the same while it grows: kind and team. */
  key: string
  kind: StormKind
  teamId: string | null
  alerts: Alert[]
}

/**
 * Sorts alerts that are open now into those told one by one and those told together. Escalations are always
 * told one by one: each of them needs an answer.
 */
export function gatherStorms<Alert extends StormAlert>(
  alerts: readonly Alert[],
  nowMs: number,
): { single: Alert[]; storms: Storm<Alert>[] } {
  const storms = new Map<string, Storm<Alert>>()
  for (const alert of alerts) {
    if (alert.kind === 'escalation' || nowMs - alert.raisedAtMs > STORM_WINDOW_MS) continue
    const { kind, teamId } = alert
    const key = `${kind}:${teamId ?? ''}`
    const storm = storms.get(key) ?? { key, kind, teamId, alerts: [] }
    storm.alerts.push(alert)
    storms.set(key, storm)
  }
  const strong = [...storms.values()].filter((storm) => storm.alerts.length >= STORM_FROM)
  const inStorm = new Set(strong.flatMap((storm) => storm.alerts.map(({ id }) => id)))
  return { single: alerts.filter(({ id }) => !inStorm.has(id)), storms: strong }
}
