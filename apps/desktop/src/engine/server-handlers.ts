import { type Handlers } from './engine.ts'
import { type ServerClient } from './session/server-client.ts'

/**
 * What cannot be answered nor kept for later without the server: presence, people's skills, and the settings and
 * reports of routing, service levels and triage.
 */
export type ServerMethod = Extract<
  keyof Handlers,
  | `presence.${string}`
  | `people.${string}`
  | `routing.${string}`
  | `sla.${string}`
  | `businessHours.${string}`
  | `triage.${string}`
  | 'alerts.savePreferences'
>

/** @param line gives the line to the server, or throws Refusal `server_unreachable` */
export function serverHandlers(line: () => ServerClient): Pick<Handlers, ServerMethod> {
  const ask: ServerClient['ask'] = (request) => line().ask(request)
  const tell = async (request: Parameters<ServerClient['ask']>[0]): Promise<null> => {
    await line().ask(request)
    return null
  }
  return {
    'presence.set': (input) => tell((trpc) => trpc.presence.set.mutate(input)),
    'presence.setFinishing': (input) => tell((trpc) => trpc.presence.setFinishing.mutate(input)),
    'presence.endShift': () => ask((trpc) => trpc.presence.endShift.mutate()),
    'presence.setOf': (input) => tell((trpc) => trpc.presence.setOf.mutate(input)),
    'presence.setCapacity': (input) => tell((trpc) => trpc.presence.setCapacity.mutate(input)),
    'presence.history': (input) => ask((trpc) => trpc.presence.history.query(input)),
    'people.skills': () => ask((trpc) => trpc.people.skills.query()),
    'people.setSkills': (input) => tell((trpc) => trpc.people.setSkills.mutate(input)),
    'routing.settings': (input) => ask((trpc) => trpc.routing.settings.query(input)),
    'routing.saveSettings': (input) => ask((trpc) => trpc.routing.saveSettings.mutate(input)),
    'routing.queue': (input) => ask((trpc) => trpc.routing.queue.query(input)),
    'routing.replay': (input) => ask((trpc) => trpc.routing.replay.query(input)),
    'sla.settings': (input) => ask((trpc) => trpc.sla.settings.query(input)),
    'sla.previewSettings': (input) => ask((trpc) => trpc.sla.previewSettings.query(input)),
    'sla.saveSettings': (input) => ask((trpc) => trpc.sla.saveSettings.mutate(input)),
    'sla.violations': (input) => ask((trpc) => trpc.reports.violations.query(input)),
    'sla.hourFigures': () => ask((trpc) => trpc.reports.hourFigures.query()),
    'businessHours.get': (input) => ask((trpc) => trpc.businessHours.get.query(input)),
    'businessHours.preview': (input) => ask((trpc) => trpc.businessHours.preview.query(input)),
    'businessHours.save': (input) => ask((trpc) => trpc.businessHours.save.mutate(input)),
    'alerts.savePreferences': (input) => tell((trpc) => trpc.alerts.savePreferences.mutate(input)),
    'triage.getRules': (input) => ask((trpc) => trpc.triage.getRules.query(input)),
    'triage.ruleVersions': (input) => ask((trpc) => trpc.triage.ruleVersions.query(input)),
    'triage.saveRules': (input) => ask((trpc) => trpc.triage.saveRules.mutate(input)),
    'triage.saveSettings': (input) => ask((trpc) => trpc.triage.saveSettings.mutate(input)),
    'triage.dryRun': (input) => ask((trpc) => trpc.triage.dryRun.mutate(input)),
    'triage.getModel': () => ask((trpc) => trpc.triage.getModel.query()),
    'triage.saveModel': (input) => tell((trpc) => trpc.triage.saveModel.mutate(input)),
    'triage.testModel': (input) => ask((trpc) => trpc.triage.testModel.mutate(input)),
  }
}
