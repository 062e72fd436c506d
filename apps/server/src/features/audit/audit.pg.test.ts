import { createHmac, createSecretKey, randomBytes } from 'node:crypto'

import { afterAll, beforeEach, describe, expect, test } from 'vitest'

import { createAuditLog } from '../../platform/audit-log.ts'
import { SYSTEM, type Doer } from '../../platform/doer.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { auditJobs } from './audit.jobs.ts'
import { findEntries } from './audit.queries.ts'
import { noteRestore } from './restored.ts'
import { verifyLog } from './verify.ts'

let services: BareServices
const made: BareServices[] = []
const admin: Doer = {
  kind: 'user',
  id: '0190b7a0-0000-7000-8000-000000000001',
  sessionId: null,
  address: '198.51.100.7',
  requestId: null,
}

beforeEach(async () => {
  services = await createBareServices()
  made.push(services)
})
afterAll(async () => {
  for (const { database } of made) await database.drop()
})

const record = (team: string, after: object = { name: 'Ventas' }, by = admin): Promise<void> =>
  services.db.transaction(async (tx) =>
    services.audit.record(tx, by, {
      action: 'team.created',
      target: { kind: 'team', id: team },
      after,
    }),
  )
const verify = (head?: string) => verifyLog(services.db, services.audit, head)
const everything = {
  before: null,
  limit: 100,
  actorId: null,
  targetId: null,
  actions: [],
  from: null,
  to: null,
}
/** As whoever owns the database may. */
const rewrite = async (statement: string): Promise<void> => {
  await services.rows('ALTER TABLE audit_log DISABLE TRIGGER USER')
  await services.rows(statement)
  await services.rows('ALTER TABLE audit_log ENABLE TRIGGER USER')
}

describe('the audit log', () => {
  test('is one chain, however many write to it at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => record(`team-${n % 7}`)))
    expect(await verify()).toMatchObject({ isIntact: true, first: 1, last: 40 })
  })

  test('has nothing of what was rolled back, and no gap for it', async () => {
    await record('one')
    const failing = services.db.transaction(async (tx) => {
      services.audit.record(tx, admin, { action: 'team.created' })
      await tx.run({ text: 'SELECT 1 / 0', values: [] })
    })
    await expect(failing).rejects.toThrow('division by zero')
    await record('two')
    expect(await verify()).toMatchObject({ isIntact: true, last: 2 })
  })

  test('says of a change what changed, and nothing where nothing did', async () => {
    await services.db.transaction(async (tx) => {
      const audited = { action: 'team.changed', target: { kind: 'team', id: 'one' } } as const
      const before = { name: 'Ventas', hours: [1, 2] }
      services.audit.record(tx, admin, {
        ...audited,
        before,
        after: { name: 'Ventas', hours: [1, 2] },
      })
      services.audit.record(tx, admin, {
        ...audited,
        before,
        after: { name: 'Cobros', hours: [1, 2] },
      })
    })
    const { entries } = await findEntries(services.db, everything)
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ before: { name: 'Ventas' }, after: { name: 'Cobros' } })
  })

  test('takes what people type as they type it', async () => {
    const name = 'Ñandú "citado" \\ \u2028 😀 \ud83d \u0000 fin'
    await record('one', { name })
    expect(await verify()).toMatchObject({ isIntact: true })
    const { entries } = await findEntries(services.db, everything)
    expect(entries[0]?.after?.['name']).toBe(name.replaceAll('\u0000', '').toWellFormed())
  })

  test('cannot be rewritten, emptied or cut by what the server may do', async () => {
    await record('one')
    for (const statement of [
      `UPDATE audit_log SET address = NULL`,
      `DELETE FROM audit_log`,
      `TRUNCATE audit_log`,
    ]) {
      await expect(services.rows(statement)).rejects.toThrow('only appended to')
    }
    expect(await verify()).toMatchObject({ isIntact: true, last: 1 })
  })

  test.each([
    [
      'an altered field',
      `UPDATE audit_log SET after = '{"name":"Otra"}' WHERE seq = 2`,
      2,
      'altered',
    ],
    [
      'an altered time',
      `UPDATE audit_log SET at = at + INTERVAL '1 hour' WHERE seq = 3`,
      3,
      'altered',
    ],
    ['a missing row', `DELETE FROM audit_log WHERE seq = 2`, 2, 'missing'],
    ['a missing beginning', `DELETE FROM audit_log WHERE seq = 1`, 1, 'missing'],
    ['a missing end', `DELETE FROM audit_log WHERE seq = 4`, 4, 'missing'],
    [
      'two that changed places',
      `UPDATE audit_log SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3);
       UPDATE audit_log SET seq = -seq WHERE seq < 0`,
      2,
      'altered',
    ],
    [
      'an end that is cut with the note of it',
      `DELETE FROM audit_log WHERE seq > 2;
       UPDATE audit_chain SET seq = 2, hash = (SELECT hash FROM audit_log WHERE seq = 2)`,
      null,
      null,
    ],
    [
      'a beginning that is cut as if it had outlived its time',
      `UPDATE audit_chain SET pruned_seq = 2, pruned_hash = (SELECT hash FROM audit_log WHERE seq = 2);
       DELETE FROM audit_log WHERE seq <= 2`,
      3,
      'cut',
    ],
  ])('shows %s', async (_what, statement, seq, problem) => {
    for (const name of ['one', 'two', 'three', 'four']) await record(name)
    const before = await verify()
    if (!before.isIntact) throw new Error('it was not intact to begin with')
    await rewrite(statement)
    if (seq !== null) expect(await verify()).toEqual({ isIntact: false, seq, problem })
    // Shorter and in itself intact: what the server logged of its head is not in it any more.
    else expect(await verify(before.head)).toMatchObject({ isIntact: false, problem: 'cut' })
  })

  test('is not sealed again by who has only the database', async () => {
    await record('one')
    const guess = createSecretKey(randomBytes(32))
    const forged = createHmac('sha256', guess).update('anything').digest('hex')
    await rewrite(`UPDATE audit_log SET address = '203.0.113.9', hash = '\\x${forged}';
                   UPDATE audit_chain SET hash = '\\x${forged}'`)
    expect(await verify()).toEqual({ isIntact: false, seq: 1, problem: 'altered' })
  })

  test('tells a row of another key from one that was altered', async () => {
    const other = createAuditLog(createSecretKey(randomBytes(32)), 'another key')
    await services.db.transaction(async (tx) =>
      other.record(tx, SYSTEM, { action: 'team.created' }),
    )
    expect(await verify()).toEqual({ isIntact: false, seq: 1, problem: 'other_key' })
  })

  test('forgets after two years, from its beginning, and says so under its seal', async () => {
    for (let n = 1; n <= 12; n++) await record(`team-${n}`)
    // Written two years ago by the same key.
    await services.rows('ALTER TABLE audit_log DISABLE TRIGGER USER')
    let previous: Buffer = Buffer.alloc(0)
    const rows = await services.rows<Record<string, string | null> & { seq: string }>(`
      SELECT seq::text, to_char((at - INTERVAL '800 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
             actor_kind, actor_id, session_id, address, action, target_kind, target_id, before::text, after::text,
             request_id, key_id
      FROM audit_log ORDER BY audit_log.seq`)
    for (const row of rows) {
      previous = services.audit.sealOf(previous, row as never)
      await services.rows('UPDATE audit_log SET at = $2, hash = $3 WHERE seq = $1', [
        row.seq,
        row['at'],
        previous,
      ])
    }
    await services.rows('UPDATE audit_chain SET hash = $1', [previous])
    await services.rows('ALTER TABLE audit_log ENABLE TRIGGER USER')
    expect(await verify()).toMatchObject({ isIntact: true, first: 1, last: 12 })

    await record('a new one')
    const prune = auditJobs.find(({ name }) => name === 'prune-audit-log')
    await prune?.run(services)
    expect(await verify()).toMatchObject({ isIntact: true, first: 13, last: 14 })
    const { entries } = await findEntries(services.db, everything)
    expect(entries.map(({ action }) => action)).toEqual(['audit.pruned', 'team.created'])
    await prune?.run(services)
    expect(await verify()).toMatchObject({ isIntact: true, first: 13, last: 14 })
  })

  test('raises a problem for administrators while it is not as it was written', async () => {
    await record('one')
    const review = auditJobs.find(({ name }) => name === 'verify-audit-log')
    const open = () => services.rows(`SELECT details FROM problems WHERE ended_at IS NULL`)
    await review?.run(services)
    expect(await open()).toEqual([])
    await rewrite(`UPDATE audit_log SET address = NULL`)
    await review?.run(services)
    expect(await open()).toEqual([{ details: { seq: 1, problem: 'altered' } }])
    await rewrite(`UPDATE audit_log SET address = '198.51.100.7'`)
    await review?.run(services)
    expect(await open()).toEqual([])
  })

  test('says once that a backup was restored', async () => {
    await noteRestore(services)
    await noteRestore(services)
    expect(await verify()).toMatchObject({ last: 0 })
    await services.rows('UPDATE feed_state SET epoch = gen_random_uuid()')
    await Promise.all([noteRestore(services), noteRestore(services)])
    const { entries } = await findEntries(services.db, everything)
    expect(entries.map(({ action }) => action)).toEqual(['installation.restored'])
  })

  test('is read from the newest on, by who, what, about whom and when', async () => {
    const person = await services.addPerson('agent', 'offline')
    const by = (id: string): Doer => ({ ...admin, id })
    for (let n = 0; n < 5; n++) await record(`team-${n}`, {}, n % 2 === 0 ? by(person) : admin)
    const first = await findEntries(services.db, { ...everything, limit: 2 })
    expect(first.entries.map(({ seq }) => seq)).toEqual([5, 4])
    const second = await findEntries(services.db, { ...everything, limit: 10, before: first.next })
    expect(second.entries.map(({ seq }) => seq)).toEqual([3, 2, 1])
    expect(second.next).toBeNull()
    const theirs = await findEntries(services.db, { ...everything, actorId: person })
    expect(theirs.entries.map(({ seq, actorName }) => [seq, actorName])).toEqual([
      [5, 'Somebody'],
      [3, 'Somebody'],
      [1, 'Somebody'],
    ])
    const about = await findEntries(services.db, { ...everything, targetId: 'team-1' })
    expect(about.entries.map(({ seq }) => seq)).toEqual([2])
    const none = await findEntries(services.db, { ...everything, actions: ['tag.created'] })
    expect(none.entries).toEqual([])
    const later = await findEntries(services.db, { ...everything, from: '2100-01-01T00:00:00Z' })
    expect(later.entries).toEqual([])
  })
})
