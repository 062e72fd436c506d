import { createHash, createHmac, createSecretKey, randomBytes } from 'node:crypto'

import { afterAll, beforeEach, describe, expect, test } from 'vitest'

import { createAuditLog, type AuditLog } from '../../platform/audit-log.ts'
import { SYSTEM, type Doer } from '../../platform/doer.ts'
import { createSecrets } from '../../platform/secrets.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { auditJobs } from './audit.jobs.ts'
import { findEntries } from './audit.queries.ts'
import { beginExport, exportPage } from './export.ts'
import { noteKeyChange } from './key-changed.ts'
import { noteRestore } from './restored.ts'
import { verifyCopy } from './verify-copy.ts'
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
const logOf = (keyId: string) =>
  createAuditLog({ keyId, auditKeys: new Map([[keyId, createSecretKey(randomBytes(32))]]) })
const all = {
  actorId: null,
  actorKind: null,
  targetId: null,
  actions: [],
  from: null,
  to: null,
  text: null,
}
const everything = { ...all, before: null, limit: 100 }
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
    const other = logOf('another key')
    await services.db.transaction(async (tx) =>
      other.record(tx, SYSTEM, { action: 'team.created' }),
    )
    expect(await verify()).toEqual({ isIntact: false, seq: 1, problem: 'other_key' })
  })

  test('goes on under another key, says so, and is verified with both', async () => {
    const [old, next] = ['an old key', 'a new key'].map((text) =>
      createHash('sha256').update(text).digest('base64'),
    ) as [string, string]
    const logs = {
      old: createAuditLog(createSecrets(old)),
      both: createAuditLog(createSecrets(`${next},${old}`)),
      next: createAuditLog(createSecrets(next)),
    }
    const write = (log: AuditLog) =>
      services.db.transaction(async (tx) => log.record(tx, SYSTEM, { action: 'team.created' }))
    await write(logs.old)
    await write(logs.old)
    // Nothing shows yet that the newer key was ever used.
    expect(await verifyLog(services.db, logs.both)).toMatchObject({ problem: 'old_key', seq: 2 })
    const starts = Array.from({ length: 3 }, () => noteKeyChange({ ...services, audit: logs.both }))
    await Promise.all(starts)
    expect(await verifyLog(services.db, logs.both)).toMatchObject({ isIntact: true, last: 3 })
    const { entries } = await findEntries(services.db, everything)
    expect(entries[0]).toMatchObject({
      action: 'security.key_changed',
      before: { keyId: logs.old.keyId },
      after: { keyId: logs.next.keyId },
    })
    expect(await verifyLog(services.db, logs.next)).toMatchObject({ problem: 'other_key', seq: 1 })
    // Who has the old key and the database can go on from where they like, and not to an end.
    await write(logs.old)
    expect(await verifyLog(services.db, logs.both)).toMatchObject({ problem: 'old_key', seq: 4 })
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
    const commanded = await findEntries(services.db, { ...everything, actorKind: 'command_line' })
    expect(commanded.entries).toEqual([])
  })

  test('is searched by names, by words that the window knows and by whole ids', async () => {
    const person = await services.addPerson('agent', 'offline')
    const { rows } = await services.database.pool.query<{ id: string }>(
      `UPDATE teams SET name = 'Cobros 100%' WHERE id = (SELECT id FROM teams LIMIT 1) RETURNING id`,
    )
    const team = String(rows[0]?.id)
    await record('one', {}, { ...admin, id: person })
    await record(team)
    await record(person)
    await services.db.transaction(async (tx) =>
      services.audit.record(tx, SYSTEM, { action: 'audit.pruned' }),
    )
    const found = async (typed: string, more: object = {}) => {
      const input = { ...everything, text: { typed, actions: [] }, ...more }
      return (await findEntries(services.db, input)).entries.map(({ seq }) => seq)
    }
    expect(await found('SOMEBO')).toEqual([3, 1])
    expect(await found('cobros')).toEqual([2])
    // No pattern of SQL's, but what was typed.
    expect(await found('0%')).toEqual([2])
    expect(await found('%o')).toEqual([])
    expect(await found(person.toUpperCase())).toEqual([3, 1])
    expect(await found(person)).toEqual([3, 1])
    expect(await found('one')).toEqual([1])
    expect(await found('nobody', { text: { typed: 'nobody', actions: ['audit.pruned'] } })).toEqual(
      [4],
    )
    expect(await found('somebody', { actorId: person })).toEqual([1])
    expect(await found('somebody', { targetId: person })).toEqual([3])
    expect(await found('somebody', { actorKind: 'system' })).toEqual([])
    expect(await found('somebody', { actions: ['audit.pruned'] })).toEqual([])
    // So many are called so that entries are looked at one by one.
    for (let n = 0; n < 60; n++) await services.addPerson('agent', 'offline')
    expect(await found('somebody')).toEqual([3, 1])
    expect(await found('somebody', { actorId: person })).toEqual([1])
  })

  test('is looked through for its share at a time where nothing matches, and to its end', async () => {
    await record('one', {}, SYSTEM)
    await services.rows(`
      INSERT INTO audit_log (seq, at, actor_kind, actor_id, action, target_kind, target_id, key_id, hash)
      SELECT n, NOW() + n * INTERVAL '1 second', 'user', '${admin.id}', 'team.changed', 'team', 'all', 'x', ''
      FROM generate_series(2, 12000) n`)
    const through = async (filter: object): Promise<[number, number[]]> => {
      const seqs: number[] = []
      let asked = 0
      let before: number | null = null
      do {
        const page: Awaited<ReturnType<typeof findEntries>> = await findEntries(services.db, {
          ...everything,
          ...filter,
          before,
        })
        seqs.push(...page.entries.map(({ seq }) => seq))
        if (page.next !== null) expect(page.lookedBackTo).not.toBeNull()
        before = page.next
        asked += 1
      } while (before !== null)
      return [asked, seqs]
    }
    expect(await through({ actorId: admin.id, actions: ['team.created'] })).toEqual([3, []])
    expect(
      await through({ actorKind: 'system', actions: ['team.changed', 'team.created'] }),
    ).toEqual([5, [1]])
    expect(await through({ targetId: 'all', actorKind: 'system' })).toEqual([3, []])
    // One index answers it all: asked once.
    expect(await through({ actorKind: 'system' })).toEqual([1, [1]])
    expect(await through({ actions: ['tag.created'] })).toEqual([1, []])
    expect(await through({ to: '2000-01-01T00:00:00Z' })).toEqual([1, []])
  })

  test('has its order by time, whatever the clock did', async () => {
    for (const name of ['one', 'two', 'three']) await record(name)
    await rewrite(`UPDATE audit_log SET at = at - INTERVAL '1 day' WHERE seq = 2`)
    const first = await findEntries(services.db, { ...everything, limit: 2 })
    expect(first.entries.map(({ seq }) => seq)).toEqual([3, 1])
    const second = await findEntries(services.db, { ...everything, before: first.next })
    expect(second.entries.map(({ seq }) => seq)).toEqual([2])
  })
})

describe('an export', () => {
  const exportId = '0190b7a0-0000-7000-8000-00000000000e'
  const take = async (filter: object = {}): Promise<string[]> => {
    await beginExport(services, admin, { exportId, filter: { ...all, ...filter } })
    const taken: string[] = []
    let before: number | null = null
    do {
      const page: Awaited<ReturnType<typeof exportPage>> = await exportPage(services.db, admin, {
        exportId,
        before,
      })
      taken.push(...page.lines)
      before = page.next
    } while (before !== null)
    return taken
  }
  const check = (lines: readonly string[], log = services.audit) =>
    verifyCopy(
      (async function* () {
        yield* lines
      })(),
      log,
    )
  const name = 'Ñandú "citado" \\ \u2028 😀 1e21'

  test('has all that matches, from before it, and says in the log what it was of', async () => {
    for (let n = 1; n <= 450; n++) await record(n % 2 === 0 ? 'even' : 'odd', { n, name })
    const lines = await take({ targetId: 'even' })
    expect(lines).toHaveLength(225)
    expect(JSON.parse(String(lines[0]))).toMatchObject({ seq: 450, after: { n: 450, name } })
    expect(await check(lines)).toEqual({ isIntact: true, entries: 225, isWithoutGaps: false })
    // Asked again it is the same one, and what came since is not of it.
    await record('even')
    expect(await take({ targetId: 'odd' })).toEqual(lines)
    const { entries } = await findEntries(services.db, {
      ...everything,
      actions: ['audit.exported'],
    })
    expect(entries).toMatchObject([{ seq: 451, after: { targetId: 'even' }, targetId: exportId }])
    expect(await verify()).toMatchObject({ isIntact: true })
  })

  test('of everything is without gaps, its beginning after retention included', async () => {
    for (const team of ['one', 'two', 'three']) await record(team, { name })
    expect(await check(await take())).toEqual({ isIntact: true, entries: 3, isWithoutGaps: true })
    await services.rows(`UPDATE audit_chain
      SET pruned_seq = 2, pruned_hash = (SELECT hash FROM audit_log WHERE seq = 2)`)
    await services.rows('DELETE FROM audit_log WHERE seq <= 2')
    expect(await check(await take())).toEqual({ isIntact: true, entries: 1, isWithoutGaps: true })
  })

  test('is of who began it, within the day', async () => {
    await record('one')
    await take()
    const page = (by: Doer) => exportPage(services.db, by, { exportId, before: null })
    await expect(page({ ...admin, id: exportId })).rejects.toMatchObject({ code: 'not_found' })
    await expect(page(SYSTEM)).rejects.toMatchObject({ code: 'not_found' })
    await rewrite(`UPDATE audit_log SET at = at - INTERVAL '2 days'`)
    await expect(page(admin)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('shows what was done to a copy', async () => {
    for (const team of ['one', 'two', 'three', 'four']) await record(team, { name })
    const [four, three, two, one] = (await take()) as [string, string, string, string]
    const altered = (line: string, ...[from, to]: [string, string]) => {
      expect(line).toContain(from)
      return line.replace(from, to)
    }
    const bad = async (line: number, problem: string, ...lines: string[]) =>
      expect(await check(lines)).toEqual({ isIntact: false, line, problem })
    await bad(2, 'altered', four, altered(three, 'Ñandú', 'Nandu'), two, one)
    await bad(1, 'altered', altered(four, '198.51.100.7', '198.51.100.8'), three)
    await bad(1, 'altered', altered(four, '"action":"team.created"', '"action":"team.changed"'))
    await bad(1, 'altered', altered(four, '"before":null', '"before":{}'))
    await bad(2, 'out_of_order', three, four)
    await bad(3, 'out_of_order', four, three, three)
    await bad(2, 'unreadable', four, '{"seq":3', two)
    await bad(2, 'unreadable', four, '')
    // What is left out in the middle is a gap, as a filter leaves them.
    expect(await check([four, two, one])).toEqual({
      isIntact: true,
      entries: 3,
      isWithoutGaps: false,
    })
    const other = logOf(services.audit.keyId)
    expect(await check([one], other)).toMatchObject({ problem: 'altered' })
    const elsewhere = logOf('another')
    expect(await check([one], elsewhere)).toMatchObject({ problem: 'other_key' })
  })
})
