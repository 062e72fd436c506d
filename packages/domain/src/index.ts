export * from './alerts/preferences.ts'
export * from './alerts/recipients.ts'
export * from './alerts/storms.ts'
export * from './calendar/business-calendar.ts'
export * from './calendar/business-time.ts'
export * from './conversation/lifecycle.ts'
export * from './conversation/priority.ts'
export * from './messaging/customer-window.ts'
export * from './messaging/delivery-status.ts'
export * from './messaging/send-errors.ts'
export * from './people/permissions.ts'
export * from './people/presence.ts'
export * from './routing/choose-agent.ts'
export {
  replayRouting,
  type ReplayedArrival,
  type ReplayedPerson,
  type ReplayedSettings,
} from './routing/replay.ts'
export { type ReplayedFigures } from './routing/replay-figures.ts'
export * from './routing/required-skills.ts'
export * from './routing/routing-settings.ts'
export * from './triage/classify.ts'
export * from './triage/decide.ts'
export * from './sla/clocks.ts'
export * from './sla/timers.ts'
export { LANGUAGES, type Language } from './triage/language.ts'
export * from './triage/rules.ts'
export * from './triage/validate-rules.ts'
