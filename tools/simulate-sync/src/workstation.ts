import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { type BridgeResult, type EngineMethod, type SessionView } from '@parley/contracts'
import type Database from 'better-sqlite3'

import { Engine } from '../../../apps/desktop/src/engine/engine.ts'
import { type StoredAccount } from '../../../apps/desktop/src/engine/host.ts'
import { type Notice } from '../../../apps/desktop/src/engine/notices.ts'
import { Actor, Crashed, asWorld } from './actor.ts'
import { network, type Line, type Reachable } from './network.ts'
import { type Person } from './people.ts'
import { type Random } from './random.ts'
import { diskFull } from './sqlite-watch.ts'
import { time } from './virtual-time.ts'

export const SERVER_URL = 'https://parley.sim'

/** An alert that this device brought before its person. */
export interface Told {
  alertId: string
  level: number | null
  /** As the cache had it: raised again, it is another piece of news. */
  raisedAt: string | null
  /**
   * The run of the program: one that crashed between telling and noting it tells it twice rather than never. And the
   * cache: who signs in after it was wiped is told what stands.
   */
  life: string
}

const WRITES = /^\s*(INSERT|UPDATE|DELETE|REPLACE|WITH|COMMIT)/i

/** One device with one person before it: the real engine on real files, which outlive every crash. */
export class Workstation {
  readonly index: number
  readonly name: string
  readonly person: Person
  readonly line: Line
  readonly told: Told[] = []
  engine: Engine | null = null
  actor: Actor
  lives = 0
  isDiskFull = false
  clockOffsetMs = 0
  /** When its cache last went, with what nobody had heard of but perhaps words: revoked, or left. */
  wipedAtMs = 0
  #wipes = 0
  readonly #root: string
  readonly #complain: (text: string) => void
  readonly #secrets = new Map<string, string>()
  #account: StoredAccount | null = null
  /** Each crash leaves the files as they were then, for the next start. */
  #copies = 0
  #crashAt: { left: number; when: 'before' | 'after' } | null = null

  constructor(given: {
    index: number
    person: Person
    name: string
    root: string
    random: Random
    server(): Reachable | null
    complain(text: string): void
  }) {
    this.index = given.index
    this.name = given.name
    this.person = given.person
    this.#root = given.root
    this.#complain = given.complain
    this.actor = new Actor('workstation', given.name)
    this.line = {
      name: `10.1.0.${given.index + 1}`,
      random: given.random,
      state: 'whole',
      dropRate: 0,
      duplicateRate: 0,
      delayMs: 0,
      losesAnswerOf: null,
      server: given.server,
    }
  }

  get isRunning(): boolean {
    return this.engine !== null && this.actor.isAlive
  }

  get isAsleep(): boolean {
    return this.actor.asleepSinceMs !== null
  }

  /** The program is started on the files as they are. */
  start(): void {
    this.lives += 1
    const actor = new Actor('workstation', `${this.name}.${this.lives}`)
    this.actor = actor
    actor.clockOffsetMs = this.clockOffsetMs
    actor.onStatement = (sql, when) => this.#onStatement(sql, when)
    network.connect(actor, this.line)
    mkdirSync(this.folder, { recursive: true })
    actor.run(() => {
      const engine = new Engine(
        {
          dataFolder: this.folder,
          deviceName: this.name,
          platform: 'linux',
          fixedServerUrl: null,
          allowsHttp: false,
          leaseMs: 72 * 3_600_000,
          defaultServerUrl: SERVER_URL,
          readSecret: async (name) => this.#secrets.get(name) ?? null,
          writeSecret: async (name, value) => {
            if (!actor.isAlive) throw new Crashed(actor.name)
            if (value === null) this.#secrets.delete(name)
            else this.#secrets.set(name, value)
          },
          openBrowser: async () => {},
          cameBack: () => {},
          readAccount: async () => this.#account,
          writeAccount: async (account) => {
            if (!actor.isAlive) throw new Crashed(actor.name)
            this.#account = account
          },
        },
        {
          bridge: (topic, content) => this.#saw(topic, content),
          notice: (notice) => this.#heard(notice),
        },
      )
      this.engine = engine
      engine.start().catch((error: unknown) => this.#failed('starting', error))
    })
  }

  /** What a person does, or looks at. Null: the program crashed over it, or is not running. */
  call<Value = unknown>(
    method: EngineMethod,
    input: unknown = undefined,
  ): Promise<BridgeResult<Value> | null> {
    const { engine, actor } = this
    if (engine === null || !actor.isAlive) return Promise.resolve(null)
    return actor
      .run(() => engine.call(method, input))
      .then(
        (result) => (actor.isAlive ? (result as BridgeResult<Value>) : null),
        (error: unknown) => {
          if (actor.isAlive) this.#failed(method, error)
          return null
        },
      )
  }

  async session(): Promise<SessionView | null> {
    const result = await this.call<SessionView>('session.get')
    return result?.ok === true ? result.value : null
  }

  /** At the so manieth statement from now. */
  crashAfter(statements: number, when: 'before' | 'after'): void {
    this.#crashAt = { left: statements, when }
  }

  forgetCrash(): void {
    this.#crashAt = null
  }

  /** As kill -9 leaves it: the files as they are at this very moment, the log with what it has. */
  crash(): void {
    const { actor } = this
    if (!actor.isAlive) return
    const before = this.folder
    actor.isAlive = false
    this.engine = null
    this.#crashAt = null
    this.#copies += 1
    const after = this.folder
    mkdirSync(after, { recursive: true })
    if (existsSync(before)) {
      for (const name of readdirSync(before)) copyFileSync(join(before, name), join(after, name))
    }
    network.breakOff({ workstation: actor }, false)
    // Not under the feet of the statement that met it.
    asWorld(() => setImmediate(() => closeAll(actor)))
  }

  sleep(): void {
    if (!this.isRunning || this.isAsleep) return
    this.actor.run(() => this.engine?.sleep())
    this.actor.asleepSinceMs = time.nowMs
    this.line.state = 'silent'
  }

  wake(): void {
    if (!this.isAsleep) return
    time.wake(this.actor)
    // Its connections have long been given up by the other end, or by what stands between.
    network.kill(this.actor)
    this.line.state = 'whole'
    this.actor.run(() => this.engine?.wake())
  }

  /** As after a restore, or where its cursor is older than the feed reaches back. */
  forgetCursor(): void {
    if (!this.isRunning || this.isAsleep || this.isDiskFull) return
    const database = this.#database()
    if (database === null) return
    const cursor = database.prepare(`SELECT value FROM meta WHERE key = 'cursor'`).pluck().get() as
      | string
      | undefined
    if (cursor !== undefined) database.prepare(`DELETE FROM meta WHERE key = 'cursor'`).run()
  }

  setClock(offsetMs: number): void {
    this.clockOffsetMs = offsetMs
    this.actor.clockOffsetMs = offsetMs
  }

  /** What its cache holds, read beside the engine. Null where it has none that is open. */
  read<Row>(sql: string, ...parameters: unknown[]): Row[] | null {
    const database = this.#database()
    if (database === null) return null
    return asWorld(() => database.prepare(sql).all(...parameters) as Row[])
  }

  get hasCache(): boolean {
    return this.#database() !== null
  }

  stop(): void {
    this.actor.isAlive = false
    this.engine = null
    closeAll(this.actor)
    rmSync(this.#root, { recursive: true, force: true })
  }

  get folder(): string {
    return join(this.#root, String(this.#copies))
  }

  #database(): Database.Database | null {
    const open = [...this.actor.databases].filter((one) => one.open) as Database.Database[]
    return open.at(-1) ?? null
  }

  #onStatement(sql: string, when: 'before' | 'after'): void {
    const { isDiskFull } = this
    if (isDiskFull && when === 'before' && WRITES.test(sql)) throw diskFull()
    const crash = this.#crashAt
    if (crash === null || crash.when !== when || crash.left-- > 0) return
    this.crash()
    throw new Crashed(this.name)
  }

  #heard(notice: Notice): void {
    if (notice.kind !== 'alert') return
    const [row] =
      this.read<{ row: string }>('SELECT row FROM alerts WHERE id = ?', notice.alertId) ?? []
    const raisedAt =
      row === undefined ? null : (JSON.parse(row.row) as { raisedAt: string }).raisedAt
    const life = `${this.lives} ${this.#wipes}`
    this.told.push({ alertId: notice.alertId, level: notice.level, raisedAt, life })
  }

  #saw(topic: string, content: unknown): void {
    if (topic !== 'session') return
    const session = content as SessionView
    const hasGone =
      (session.state === 'signed_out' && session.because !== 'never_signed_in') ||
      // Its person's own words are left, under another key.
      (session.state === 'locked' && session.because !== 'expired')
    if (!hasGone) return
    this.wipedAtMs = time.nowMs
    this.#wipes += 1
  }

  #failed(what: string, error: unknown): void {
    if (error instanceof Crashed) return
    this.#complain(
      `${this.name}: ${what} threw ${error instanceof Error ? error.stack : String(error)}`,
    )
  }
}

function closeAll(actor: Actor): void {
  for (const database of actor.databases) {
    try {
      asWorld(() => database.close())
    } catch {
      // In the middle of a statement it stays open until it is collected.
    }
  }
  actor.databases.clear()
}
