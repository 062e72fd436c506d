import { type EngineFeature } from '../../feature.ts'
import { acknowledgeAlert, alertIntents } from './acknowledge.ts'
import { AlertTeller } from './alert-teller.ts'
import {
  ALERT_STEPS,
  concernOpenAlerts,
  conversationsAlertedOf,
  keptAlerts,
} from './kept-alerts.ts'
import { alertPreferencesOf, keptAlertPreferences } from './kept-preferences.ts'
import { listAlerts } from './list-alerts.ts'

/** What one person is to be told of service levels, whether they were, and how they want it. */
export const alerts = {
  name: 'alerts',
  steps: ALERT_STEPS,
  kinds: [keptAlerts, keptAlertPreferences],
  intents: alertIntents,
  // An open alert says who owns its conversation and what the customer wrote last.
  speaksOf: (cache, conversationIds) =>
    concernOpenAlerts(cache, conversationIds) ? ['alert'] : [],
  listens: (post) => new AlertTeller(post),
  needs: conversationsAlertedOf,
  handlers: (engine) => ({
    'alerts.list': () => listAlerts(engine.cache, engine.serverNowMs()),
    'alerts.acknowledge': ({ alertId }) => {
      acknowledgeAlert(engine, alertId)
      return null
    },
    'alerts.acknowledgeAll': ({ alertIds }) => {
      for (const alertId of alertIds) acknowledgeAlert(engine, alertId)
      return null
    },
    'alerts.preferences': () => alertPreferencesOf(engine.cache),
    'alerts.savePreferences': (input) =>
      engine.tell((trpc) => trpc.alerts.savePreferences.mutate(input)),
  }),
} satisfies EngineFeature
