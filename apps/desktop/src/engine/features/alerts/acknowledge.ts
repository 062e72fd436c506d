import { type EngineCore, type EngineFeature } from '../../feature.ts'
import { acknowledgeHere, gravityOf, openAlert, openAlertsOf, takeBackHere } from './kept-alerts.ts'

/**
 * Acknowledges an alert, and what it stood for: it ends here at once, and for everybody when the server hears of it. One
 * that is over already is none to acknowledge, and no failure.
 */
export function acknowledgeAlert(
  engine: Pick<EngineCore, 'cache' | 'intend'>,
  alertId: string,
): void {
  const alert = openAlert(engine.cache, alertId)
  if (alert === null) return
  const { conversationId } = alert
  for (const one of openAlertsOf(engine.cache, conversationId)) {
    if (gravityOf(one) <= gravityOf(alert))
      engine.intend(conversationId, { kind: 'acknowledge', alertId: one.id })
  }
}

export const alertIntents = {
  acknowledge: {
    // Whoever waits for it to be acknowledged waits for nothing else.
    order: 'any',
    takeEffect: (cache, { alertId }, at) => acknowledgeHere(cache, alertId, at),
    undo: (cache, { alertId }) => takeBackHere(cache, alertId),
    async carryOut(trpc, { alertId }, { intentId }) {
      await trpc.alerts.acknowledge.mutate({ intentId, alertId })
      // The alert's own row comes by the feed; here it has ended already.
      return []
    },
    // An alert that the server does not know any more needs no acknowledgement.
    isDone: ({ code }) => code === 'not_found',
    topics: ['alert'],
  },
} satisfies EngineFeature['intents']
