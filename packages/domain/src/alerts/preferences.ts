import { type BusinessCalendar, type BusinessWindow } from '../calendar/business-calendar.ts'
import { isOpen } from '../calendar/business-time.ts'

/** What people are told of, the graver later. */
export const ALERT_KINDS = ['warning', 'breach', 'escalation'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** Kinds that a person may silence; an escalation is never one of them. */
export const CHOOSABLE_ALERT_KINDS = ['warning', 'breach'] as const

/** Told by the operating system, within the workstation only, or kept for whoever looks. */
export const ALERT_CHANNELS = ['system', 'app', 'off'] as const
export type AlertChannel = (typeof ALERT_CHANNELS)[number]

/** Every day given, from a time to a time; `to` before `from` reaches into the next morning. */
export interface QuietHours {
  /** 0 is Monday. The day on which it begins. */
  days: readonly number[]
  /** HH:MM */
  from: string
  to: string
  /** IANA name. */
  timeZone: string
}

export interface AlertPreferences {
  warning: { channel: AlertChannel; sound: boolean }
  breach: { channel: AlertChannel; sound: boolean }
  quiet: QuietHours | null
}

export const DEFAULT_ALERT_PREFERENCES: AlertPreferences = {
  warning: { channel: 'system', sound: false },
  breach: { channel: 'system', sound: true },
  quiet: null,
}

/** How an alert is brought before its person. */
export interface AlertPresentation {
  channel: AlertChannel
  sound: boolean
}

/**
 * How this person wants to be told now. In quiet hours everything waits in the workstation without a sound;
 * an escalation ignores both wishes and hours.
 */
export function presentationOf(
  kind: AlertKind,
  preferences: AlertPreferences,
  nowMs: number,
): AlertPresentation {
  if (kind === 'escalation') return { channel: 'system', sound: true }
  const { channel, sound } = preferences[kind]
  if (channel === 'system' && isQuiet(preferences.quiet, nowMs)) {
    return { channel: 'app', sound: false }
  }
  return { channel, sound: sound && channel === 'system' }
}

export function isQuiet(quiet: QuietHours | null, nowMs: number): boolean {
  return quiet !== null && quiet.days.length > 0 && isOpen(quietCalendar(quiet), nowMs)
}

/** Quiet hours as a calendar that is open while it is to be quiet: it has no problems if they have none. */
export function quietCalendar(quiet: QuietHours): BusinessCalendar {
  return { timeZone: quiet.timeZone, windows: quiet.days.flatMap(windowsOf(quiet)), holidays: [] }
}

function windowsOf({ from, to }: QuietHours) {
  return (dayOfWeek: number): BusinessWindow[] => {
    if (from < to) return [{ dayOfWeek, opensAt: from, closesAt: to }]
    const untilMidnight = { dayOfWeek, opensAt: from, closesAt: '24:00' }
    if (to === '00:00') return [untilMidnight]
    return [untilMidnight, { dayOfWeek: (dayOfWeek + 1) % 7, opensAt: '00:00', closesAt: to }]
  }
}
