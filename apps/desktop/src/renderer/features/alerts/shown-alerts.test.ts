import type { AlertView } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { cardsOf, endedAlerts, openEscalations, summaryOf } from './shown-alerts.ts'

const alert = (id: string, kind: AlertView['kind'], more: Partial<AlertView> = {}) =>
  ({
    id,
    kind,
    channelNow: 'system',
    endedAt: null,
    raisedAt: '2026-11-23T10:00:00Z',
    ...more,
  }) as AlertView
const ids = (alerts: readonly AlertView[]) => alerts.map(({ id }) => id)

const escalation = alert('e', 'escalation')
const breach = alert('b', 'breach')
const warning = alert('w', 'warning')
const silenced = alert('s', 'breach', { channelNow: 'off' })
const ended = alert('old', 'escalation', { endedAt: '2026-11-23T09:00:00Z' })

describe('alerts on the screen', () => {
  it('are cards where they are grave, open, and not switched off', () => {
    expect(ids(cardsOf([escalation, breach, silenced, warning, ended]))).toEqual(['e', 'b'])
    // Only here, without the system, is still here.
    expect(ids(cardsOf([alert('here', 'breach', { channelNow: 'app' })]))).toEqual(['here'])
  })

  it('count with the gravest of them', () => {
    expect(summaryOf([breach, warning, escalation, ended])).toEqual({
      count: 3,
      worst: 'escalation',
    })
    expect(summaryOf([warning, silenced])).toEqual({ count: 1, worst: 'warning' })
    expect(summaryOf([ended, silenced])).toEqual({ count: 0, worst: null })
  })

  it('are escalations alone in the small window, the newest first', () => {
    const newer = alert('n', 'escalation', { raisedAt: '2026-11-23T10:05:00Z' })
    expect(ids(openEscalations([escalation, breach, newer, ended]))).toEqual(['n', 'e'])
  })

  it('are over with the newest end first', () => {
    const later = alert('later', 'breach', { endedAt: '2026-11-23T09:30:00Z' })
    expect(ids(endedAlerts([ended, breach, later]))).toEqual(['later', 'old'])
  })
})
