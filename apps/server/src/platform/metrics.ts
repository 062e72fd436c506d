import type pg from 'pg'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** What the server tells about itself at /metrics. One registry per process, made by `main.ts`. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    webhookBodies: new Counter({
      name: 'parley_webhook_bodies_total',
      help: 'Webhook bodies by channel and outcome',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    updates: new Counter({
      name: 'parley_updates_total',
      help: 'Updates in webhook bodies by kind and outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    intakeBacklog: new Gauge({
      name: 'parley_intake_backlog',
      help: 'Webhook bodies that were accepted and have not taken effect (10,000 stands for more)',
      registers,
    }),
    intakeBacklogAge: new Gauge({
      name: 'parley_intake_backlog_age_seconds',
      help: 'Age of the oldest of them',
      registers,
    }),
    quarantined: new Gauge({
      name: 'parley_quarantined_updates',
      help: 'Updates that could not be processed and wait for somebody to have them tried again',
      registers,
    }),
    signIns: new Counter({
      name: 'parley_sign_ins_total',
      help: 'Attempts to sign in, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    apiKeyRequests: new Counter({
      name: 'parley_api_key_requests_total',
      help: 'Requests with an API key, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    sends: new Counter({
      name: 'parley_sends_total',
      help: 'Messages handed to a channel by outcome',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    assignments: new Counter({
      name: 'parley_assignments_total',
      help: 'Conversations given to a person, by method',
      labelNames: ['method'],
      registers,
    }),
    queueToAssignment: new Histogram({
      name: 'parley_queue_to_assignment_seconds',
      help: 'Time from becoming queued to being assigned automatically',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600],
      registers,
    }),
    routingStuck: new Counter({
      name: 'parley_routing_stuck_total',
      help: 'Conversations that waited over a second for a free person until a sweep found them: a bug',
      registers,
    }),
    offers: new Counter({
      name: 'parley_offers_total',
      help: 'Offers that were not accepted, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    slaBreaches: new Counter({
      name: 'parley_sla_breaches_total',
      help: 'Breaches recorded, by clock',
      labelNames: ['clock'],
      registers,
    }),
    slaLateness: new Histogram({
      name: 'parley_sla_lateness_seconds',
      help: 'Time from the instant of a warning, breach or escalation until it was recorded',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30, 300, 3600],
      registers,
    }),
    alertsRaised: new Counter({
      name: 'parley_alerts_raised_total',
      help: 'Alerts that people were given, by kind',
      labelNames: ['kind'],
      registers,
    }),
    escalations: new Counter({
      name: 'parley_escalation_steps_total',
      help: 'Times that somebody was called for a waiting customer, by level',
      labelNames: ['level'],
      registers,
    }),
    acknowledgementDelay: new Histogram({
      name: 'parley_alert_acknowledgement_seconds',
      help: 'Time from an alert until its person acknowledged it, by kind',
      labelNames: ['kind'],
      buckets: [5, 15, 30, 60, 120, 300, 600, 1800, 3600],
      registers,
    }),
    feedLag: new Gauge({
      name: 'parley_feed_lag_seconds',
      help: 'Age of the oldest committed change that is not readable yet',
      registers,
    }),
    feedSubscribers: new Gauge({
      name: 'parley_feed_subscribers',
      help: 'Open feed subscriptions of this process',
      registers,
    }),
    feedReadersBehind: new Counter({
      name: 'parley_feed_readers_behind_total',
      help: 'Times that a workstation read too slowly and was sent back to the database',
      registers,
    }),
    searchBehind: new Gauge({
      name: 'parley_search_behind_seconds',
      help: 'Age of the oldest change that searches do not know yet',
      registers,
    }),
    searchWalking: new Gauge({
      name: 'parley_search_walking',
      help: '1 while what was there before is still being made findable',
      registers,
    }),
    periodicRuns: new Counter({
      name: 'parley_periodic_runs_total',
      help: 'Runs of what runs again and again, by task and outcome; overdue: it hung and was given up',
      labelNames: ['task', 'outcome'],
      registers,
    }),
    turnedAway: new Counter({
      name: 'parley_turned_away_total',
      help: 'Connections, bodies, operations and calls beyond a limit, by limit',
      labelNames: ['limit'],
      registers,
    }),
    unhandledErrors: new Counter({
      name: 'parley_unhandled_errors_total',
      help: 'Errors that only the guard of last resort caught, by kind: each one is a bug',
      labelNames: ['kind'],
      registers,
    }),
    health: new Gauge({
      name: 'parley_health',
      help: 'What the server needs, by name: 1 well, 0.5 behind, 0 failing; as of the last look',
      labelNames: ['name'],
      registers,
    }),
    trpcFailures: new Counter({
      name: 'parley_procedure_failures_total',
      help: 'Procedures that failed, by code',
      labelNames: ['code'],
      registers,
    }),
  }
}
export type Metrics = ReturnType<typeof createMetrics>

/** How busy the database's connections are; whoever waits for one is `waiting`. */
export function observePool({ registry }: Metrics, pool: pg.Pool): void {
  const connections: Gauge<'state'> = new Gauge({
    name: 'parley_database_connections',
    help: 'Connections to the database by state, and who waits for one',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
  registry.registerMetric(connections)
}
