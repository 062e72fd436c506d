import { mkdtempSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { messageBody } from '@parley/simulator'

import { type BridgeResult, type EngineMethod } from '@parley/contracts'

import {
  BUDGET,
  type Budget,
} from '../../../apps/desktop/src/engine/features/conversations/tidy.ts'
import { BUDGET as LOAD_BUDGET } from '../../../apps/server/src/features/sync/load/load-page.ts'
import { asWorld } from './actor.ts'
import { type Cluster, type SimulatedDatabase } from './cluster.ts'
import { Graph } from './graph.ts'
import { Journal } from './journal.ts'
import { network } from './network.ts'
import { hire, type Hired } from './people.ts'
import { postgres } from './postgres-watch.ts'
import { Random } from './random.ts'
import { BUSINESS, ServerProcess } from './servers.ts'
import { trace } from './trace.ts'
import { BEGINNING_MS, quiescence, real, time } from './virtual-time.ts'
import { Workstation } from './workstation.ts'

/** A deadlock is found by PostgreSQL within a second: what waits longer for a lock waits for one who waits for us. */
const STUCK_MS = 1_500

const PLAIN_BUDGET = { ...BUDGET }
const TIGHT_BUDGET: Budget = { messages: 12, openConversations: 2, closedConversations: 1 }
const PLAIN_LOAD = { ...LOAD_BUDGET }
const TIGHT_LOAD: Record<keyof typeof LOAD_BUDGET, number> = {
  threadParts: 6,
  openConversations: 2,
  closedConversations: 1,
  ownClosedElsewhere: 1,
}

export interface Customer {
  readonly phone: string
  readonly name: string
}

/** All that there is in one seed: people, their devices, customers, servers, a database, and the time. */
export class World {
  readonly database: SimulatedDatabase
  readonly seed: number
  /** Caches hold a handful of conversations and messages. */
  readonly isCacheTight: boolean
  readonly servers: ServerProcess[]
  readonly people: Hired[] = []
  readonly workstations: Workstation[] = []
  readonly customers: Customer[] = []
  readonly teams: string[] = []
  readonly tags: string[] = []
  readonly graph: Graph
  readonly journal = new Journal()
  /** What happened, in plain words. */
  readonly history: string[] = []
  /** What went wrong while it happened. */
  readonly findings: string[] = []
  readonly #root: string
  readonly #cluster: Cluster
  readonly #names = new Map<string, string>()
  /** What is to be done at the database when its time comes. */
  readonly #due: (() => Promise<void>)[] = []
  /** What people do, by the engine's methods; null: whatever comes into their heads. */
  deeds: readonly EngineMethod[] | null = null
  /** Whether the moment that the database can go back to has been kept. */
  momentAt: number | null = null

  private constructor(
    seed: number,
    cluster: Cluster,
    database: SimulatedDatabase,
    isCacheTight: boolean,
  ) {
    this.isCacheTight = isCacheTight
    this.seed = seed
    this.#cluster = cluster
    this.database = database
    this.#root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'parley-sim-'))
    this.servers = Array.from(
      { length: seed % 4 === 0 ? 2 : 1 },
      (_, index) =>
        new ServerProcess(index, (error, message) => {
          const text =
            error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)
          this.findings.push(`a server logged an error: ${message}: ${text}`)
        }),
    )
    this.graph = new Graph(new Random(seed ^ 0x6772), (body, signature) =>
      this.#postWebhook(body, signature),
    )
  }

  static async begin(seed: number, size: number, cluster: Cluster): Promise<World> {
    time.begin(new Random(seed))
    network.begin()
    const database = await cluster.clone(seed)
    postgres.begin(seed ^ 0x5051, async (sessions) => {
      const waiting = await database.query<{ session: number; others: number[] }>(
        `SELECT session, others FROM unnest($1::int[]) AS session, pg_blocking_pids(session) AS others
         WHERE others <> '{}'`,
        [sessions],
      )
      return new Map(waiting.map(({ session, others }) => [session, others]))
    })
    // Companies are small here: in every third seed caches are smaller, and in every other what loads bring.
    const isCacheTight = seed % 3 === 0
    Object.assign(BUDGET, isCacheTight ? TIGHT_BUDGET : PLAIN_BUDGET)
    Object.assign(LOAD_BUDGET, seed % 2 === 0 ? TIGHT_LOAD : PLAIN_LOAD)
    const world = new World(seed, cluster, database, isCacheTight)

    network.outside = (url, init) => world.graph.answer(url, init)
    await world.#writeTime()
    await world.#populate(size)
    for (const server of world.servers) await world.startServer(server)
    await world.#beginWork()
    for (const workstation of world.workstations) {
      workstation.start()
      await world.settle()
      await world.signIn(workstation)
    }
    await world.advance(2_000)
    return world
  }

  say(text: string): void {
    const at = ((time.nowMs - BEGINNING_MS) / 1000).toFixed(1)
    const line = `${at.padStart(9)} s  ${text}`
    this.history.push(line)
    trace.note(line)
  }

  // Time

  /** Until nothing is under way that does not wait for time to pass. */
  async settle(): Promise<void> {
    const began = real.now()
    for (;;) {
      await quiescence()
      if (await postgres.next()) continue
      if (!postgres.isIdle) {
        if (real.now() - began > STUCK_MS) return
        await postgres.waitForLocks(STUCK_MS)
        continue
      }
      const { answers } = postgres
      await postgres.hearNotifications()
      await quiescence()
      if (postgres.isIdle && postgres.answers === answers) return
    }
  }

  /** Only so far: what is under way has had this many turns at the database, and stands in the middle of something. */
  async goOn(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      await quiescence()
      if (!(await postgres.next())) return
    }
  }

  /** @param grainMs what is due within it happens at the same time */
  async advance(ms: number, grainMs = 50): Promise<void> {
    const until = time.nowMs + ms
    await this.settle()
    for (;;) {
      const next = time.nextDueMs()
      if (next === null || next > until) break
      await this.#moveTo(Math.min(until, Math.max(time.nowMs, next) + grainMs))
      asWorld(() => time.runDue())
      for (const work of this.#due.splice(0)) await work()
      await this.settle()
    }
    if (time.nowMs < until) await this.#moveTo(until)
  }

  /** Everybody's night: nothing happens between here and there, and then everything that was due does. */
  async leap(ms: number): Promise<void> {
    const chunks = 3
    for (let chunk = 0; chunk < chunks; chunk++) {
      await this.#moveTo(time.nowMs + ms / chunks)
      asWorld(() => time.runDue())
      await this.settle()
      await this.advance(3_000, 500)
    }
  }

  async #moveTo(ms: number): Promise<void> {
    if (ms <= time.nowMs) return
    time.nowMs = Math.ceil(ms)
    trace.note(`it is ${time.nowMs}`)
    await this.#writeTime()
  }

  async #writeTime(): Promise<void> {
    await this.database.query(
      `WITH moved AS (UPDATE sim.clock SET at = to_timestamp($1::float8 / 1000) RETURNING 1)
       SELECT setval('sim.tick', 1, FALSE) FROM moved`,
      [time.nowMs],
    )
  }

  get nowMs(): number {
    return time.nowMs
  }

  /** With names for ids. */
  describe(input: unknown): string {
    if (input === undefined) return ''
    return JSON.stringify(input, (_key, value: unknown) =>
      typeof value === 'string' ? (this.#nameOf(value) ?? value) : value,
    )
      .replaceAll('"', '')
      .slice(0, 200)
  }

  #nameOf(id: string): string | undefined {
    const team = this.teams.indexOf(id)
    if (team !== -1) return `team ${team + 1}`
    const person = this.people.find((one) => one.id === id)
    if (person !== undefined) return person.name
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id)) return undefined
    const known = this.#names.get(id) ?? `#${this.#names.size + 1}`
    this.#names.set(id, known)
    return known
  }

  // Servers

  async startServer(server: ServerProcess): Promise<void> {
    let failure: unknown
    let isOver = false
    server.start(this.database.connectionString).then(
      () => (isOver = true),
      (error: unknown) => {
        failure = error
        isOver = true
      },
    )
    for (let turn = 0; !isOver && turn < 5000; turn++) {
      await this.settle()
      await pauseOf(1)
      // Time is moved by nothing that hangs on how quick this machine is.
      if (turn % 1000 === 999) await this.advance(100)
    }
    if (!isOver) throw new Error(`${server.actor.name} does not start`)
    if (failure !== undefined) throw failure
  }

  /** kill -9: what it had under way at the database ends when PostgreSQL has noticed. */
  async killServer(server: ServerProcess): Promise<void> {
    const { actor } = server
    const sessions = server.kill()
    network.breakOff({ server: actor }, true)
    for (let tries = 0; tries < 500; tries++) {
      const left = await this.database.query(
        'SELECT 1 FROM pg_stat_activity WHERE pid = ANY($1::int[])',
        [sessions],
      )
      if (left.length === 0) break
      await pauseOf(2)
    }
  }

  /** In the world's time, by `advance`. */
  laterQuery(ms: number, work: () => Promise<void>): void {
    time.schedule(() => void this.#due.push(work), ms)
  }

  startLater(server: ServerProcess, ms: number): void {
    this.laterQuery(ms, async () => {
      if (!server.isUp) await this.startServer(server)
    })
  }

  async setActive(personId: string, isActive: boolean): Promise<void> {
    await this.database.query('UPDATE users SET is_active = $2 WHERE id = $1', [personId, isActive])
    if (isActive) return
    await this.database.query(
      `UPDATE sessions SET ended_at = sim.now(), end_reason = 'deactivated' WHERE user_id = $1 AND ended_at IS NULL`,
      [personId],
    )
  }

  async keepMoment(): Promise<void> {
    this.say('a backup is made')
    await this.#withoutServers(() => this.database.keepMoment())
    this.momentAt = time.nowMs
  }

  async goBack(): Promise<void> {
    if (this.momentAt === null) return
    const seconds = Math.round((time.nowMs - this.momentAt) / 1000)
    this.say(`the database is restored from the backup of ${seconds} s ago`)
    await this.#withoutServers(() => this.database.goBack())
    this.journal.goneBack.push({ toMs: this.momentAt, atMs: time.nowMs })
  }

  async #withoutServers(work: () => Promise<void>): Promise<void> {
    const up = this.servers.filter(({ isUp }) => isUp)
    for (const server of up) await this.killServer(server)
    await work()
    await this.#writeTime()
    for (const server of up) await this.startServer(server)
  }

  /** The one that a workstation comes to: its own, or while that is down another. */
  serverFor(index: number): ServerProcess | null {
    const own = this.servers[index % this.servers.length] as ServerProcess
    return own.isUp ? own : (this.servers.find(({ isUp }) => isUp) ?? null)
  }

  async #postWebhook(body: string, signature: string): Promise<boolean> {
    const server = this.serverFor(0)
    if (server === null) return false
    const url = new URL('https://parley.sim/webhooks/whatsapp')
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature }
    try {
      const { status } = await network.deliver(server, '10.2.0.1', url, {
        method: 'POST',
        headers,
        body,
      })
      return status === 200
    } catch {
      return false
    }
  }

  // People

  /** What a person looks at, in a moment or with a few seconds' waiting. Null: nothing is seen. */
  async ask<Value>(
    workstation: Workstation,
    method: EngineMethod,
    input?: unknown,
  ): Promise<Value | null> {
    let answer: BridgeResult<Value> | null | undefined
    void workstation.call<Value>(method, input).then((given) => (answer = given))
    await quiescence()
    for (let tries = 0; answer === undefined && tries < 8; tries++) {
      if (tries > 0) await this.advance(500, 250)
      else await this.settle()
    }
    return answer?.ok === true ? answer.value : null
  }

  async signIn(workstation: Workstation): Promise<boolean> {
    const { email } = workstation.person
    const answer = workstation.call('session.signIn', {
      serverUrl: 'https://parley.sim',
      email,
      password: 'correct horse battery staple',
      code: null,
    })
    let result: Awaited<typeof answer> | undefined
    void answer.then((given) => (result = given))
    for (let turn = 0; result === undefined && turn < 100; turn++) {
      await this.settle()
      // A password is compared in another thread, which nobody sees at work: it is waited for before time goes on.
      for (let wait = 0; network.underWay > 0 && wait < 250; wait++) await pauseOf(1)
      await this.advance(200)
    }
    return result?.ok === true
  }

  write(customer: Customer, text: string): void {
    this.graph.send(
      messageBody(BUSINESS, [{ id: this.graph.newId(), from: customer, sentAt: new Date(), text }]),
    )
  }

  /** Who is not signed in, or not any more, and may be, is again. */
  async signInAgain(): Promise<void> {
    for (const workstation of this.workstations) {
      const session = await workstation.session()
      const isOut = session?.state === 'signed_out' || session?.state === 'locked'
      if (!isOut) continue
      if (await this.#isActive(workstation)) await this.signIn(workstation)
    }
  }

  async makeWhole(): Promise<void> {
    this.graph.isTroubled = false
    for (const server of this.servers) if (!server.isUp) await this.startServer(server)
    for (const workstation of this.workstations) {
      const { line } = workstation
      workstation.forgetCrash()
      workstation.isDiskFull = false
      workstation.setClock(0)
      Object.assign(line, { dropRate: 0, duplicateRate: 0, delayMs: 0, losesAnswerOf: null })
      workstation.wake()
      line.state = 'whole'
      network.flow(workstation.actor)
      if (!workstation.isRunning) workstation.start()
    }
  }

  /** Null: nobody has anything to send, and everybody who may be connected is. */
  async restlessness(): Promise<string | null> {
    if (this.graph.waiting > 0) return 'webhooks are still to be delivered'
    for (const workstation of this.workstations) {
      const { name } = workstation
      const session = await workstation.session()
      if (session === null) return `${name} says nothing of its session`
      if (session.state === 'not_opened')
        return `${name} does not open its cache: ${session.reason}`
      if (session.state !== 'signed_in') {
        if (await this.#isActive(workstation)) return `${name} is ${session.state}`
        continue
      }
      const connection = await workstation.call<{ state: string }>('connection.get')
      const state = connection?.ok === true ? connection.value.state : 'unknown'
      if (state !== 'online') return `${name} is ${state}`
      const intents =
        await workstation.call<{ kind: string; state: string; isHeld: boolean }[]>('outbox.list')
      if (intents?.ok !== true) return `${name} cannot say what waits`
      const waiting = intents.value.find((one) => one.state !== 'refused' && !one.isHeld)
      if (waiting !== undefined) return `${name} has a ${waiting.kind} that is ${waiting.state}`
      if (workstation.read('SELECT 1 FROM read_marks WHERE waits = 1')?.length !== 0)
        return `${name} has a read mark that waits`
    }
    return null
  }

  async #isActive({ person }: Workstation): Promise<boolean> {
    const [active] = await this.database.query('SELECT 1 FROM users WHERE id = $1 AND is_active', [
      person.id,
    ])
    return active !== undefined
  }

  async #populate(size: number): Promise<void> {
    const { database } = this
    const teams = await database.query<{ id: string }>('SELECT id FROM teams ORDER BY slug')
    this.teams.push(...teams.map(({ id }) => id))
    const devices = Math.max(2, size)
    // A few have two devices.
    const people = Math.max(1, Math.floor(devices * 0.75))
    for (let index = 0; index < people; index++) {
      const person = hire(index, crypto.randomUUID())
      this.people.push(person)
      await database.query(
        'INSERT INTO users (id, email, password_hash, full_name, role) VALUES ($1, $2, $3, $4, $5)',
        [person.id, person.email, this.#cluster.passwordHash, person.name, person.role],
      )
      for (const team of person.teams) {
        await database.query('INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)', [
          person.id,
          this.teams[team % this.teams.length],
        ])
      }
      await database.query(
        `INSERT INTO agent_presence (user_id, status, capacity, last_seen_at) VALUES ($1, 'online', 5, sim.now())`,
        [person.id],
      )
    }
    await this.#furnish()
    for (let index = 0; index < devices; index++) {
      const person = this.people[index % people] as Hired
      this.workstations.push(
        new Workstation({
          index,
          person,
          name: `${person.name}${index < people ? '' : "'s second device"}`,
          root: join(this.#root, String(index)),
          random: new Random(this.seed ^ (0x1000 + index)),
          server: () => this.serverFor(index),
          complain: (text) => this.findings.push(text),
        }),
      )
    }
    for (let index = 0; index < Math.max(6, size); index++) {
      this.customers.push({
        phone: `52155100000${String(index).padStart(2, '0')}`,
        name: `Customer ${index + 1}`,
      })
    }
  }

  /** Some customers have written before anybody comes: what loads bring is more than nothing. */
  async #beginWork(): Promise<void> {
    const random = new Random(this.seed ^ 0x6265)
    for (const customer of this.customers) {
      for (let words = random.int(0, 2); words > 0; words--)
        this.write(customer, 'hola, desde ayer')
    }
    await this.advance(3_000, 500)
  }

  /** Teams of every way of working, promises that are soon broken, tags and canned responses. */
  async #furnish(): Promise<void> {
    const { database, teams } = this
    const modes = ['auto', 'offer', 'pull']
    for (const [place, team] of teams.entries()) {
      await database.query(`UPDATE team_settings SET routing_mode = $2 WHERE team_id = $1`, [
        team,
        modes[place % modes.length],
      ])
      await database.query(
        `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds, escalation_after_seconds)
         SELECT $1, priority, 120, 1800, 60 FROM unnest(ARRAY['low', 'normal', 'high', 'urgent']) AS priority
         ON CONFLICT (team_id, priority) DO UPDATE SET frt_target_seconds = 120, resolution_target_seconds = 1800,
           escalation_after_seconds = 60, is_active = TRUE`,
        [team],
      )
    }
    for (const [place, name] of ['pago', 'queja', 'vip'].entries()) {
      const [row] = await database.query<{ id: string }>(
        'INSERT INTO tags (name, color, team_id) VALUES ($1, $2, $3) RETURNING id',
        [name, '#3B82F6', place === 2 ? teams[0] : null],
      )
      if (row !== undefined) this.tags.push(row.id)
    }
    const [first] = this.people
    for (const [place, team] of [null, teams[0], teams[1]].entries()) {
      await database.query(
        `INSERT INTO canned_responses (team_id, shortcut, title, content, created_by) VALUES ($1, $2, 'x', 'y', $3)`,
        [team, `c${place}`, first?.id],
      )
    }
  }

  async end(): Promise<void> {
    for (const workstation of this.workstations) workstation.stop()
    for (const server of this.servers) if (server.isUp) server.kill()
    await this.database.drop()
    rmSync(this.#root, { recursive: true, force: true })
  }
}

function pauseOf(ms: number): Promise<void> {
  return new Promise((resolve) => void real.setTimeout(resolve, ms))
}
