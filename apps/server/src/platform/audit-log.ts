import { createHmac } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'

import { type AuditTarget } from '@parley/contracts'
import { type AuditAction } from '@parley/domain'

import { type Transaction } from './database.ts'
import { type Doer } from './doer.ts'
import { type Secrets } from './secrets.ts'
import { sql, toJson } from './sql.ts'

/** What was done; never a secret, and no word of a customer's. */
export interface Audited {
  action: AuditAction
  target?: { kind: AuditTarget; id: string } | undefined
  /** Of a change what was and what is: what is the same in both is left out, and where all is, nothing happened. */
  before?: object | undefined
  after?: object | undefined
}

/** Where every administrative change and every security event is written, in the transaction that it is part of. */
export interface AuditLog {
  /** Appended when the transaction is at its end, since everybody else who appends waits for its commit. */
  record(tx: Transaction, by: Doer, audited: Audited): void
  /** What a row of the log has to have as its hash, by the key that it names. @throws where there is none such */
  sealOf(previous: Buffer, row: SealedRow): Buffer
  /** Of the key by which rows are sealed now. */
  keyId: string
  hasKey(keyId: string): boolean
}

/** A row of the log as its hash covers it: columns in this order, JSON letter by letter. */
export interface SealedRow {
  seq: string
  at: string
  actor_kind: string
  actor_id: string | null
  session_id: string | null
  address: string | null
  action: string
  target_kind: string | null
  target_id: string | null
  before: string | null
  after: string | null
  request_id: string | null
  key_id: string
}

interface Pending {
  by: Doer
  audited: Audited
}

/**
 * Whoever can write to the database, and does not have the server's key, can neither alter a row nor cut the log without
 * `verify-audit` seeing it.
 */
export function createAuditLog({
  keyId,
  auditKeys,
}: Pick<Secrets, 'keyId' | 'auditKeys'>): AuditLog {
  const pendingOf = new WeakMap<Transaction, Pending[]>()

  function sealOf(previous: Buffer, row: SealedRow): Buffer {
    const key = auditKeys.get(row.key_id)
    if (key === undefined) throw new Error('sealed with another PARLEY_SECRET_KEY')
    const covered = [
      row.seq,
      row.at,
      row.actor_kind,
      row.actor_id,
      row.session_id,
      row.address,
      row.action,
      row.target_kind,
      row.target_id,
      row.before,
      row.after,
      row.request_id,
      row.key_id,
    ]
    return createHmac('sha256', key).update(previous).update(JSON.stringify(covered)).digest()
  }

  async function append(tx: Transaction, pending: Pending[]): Promise<void> {
    let { seq, hash, now } = await tx.one<{ seq: string; hash: Buffer; now: Date }>(sql`
      SELECT seq::text, hash, clock_timestamp() AS now FROM audit_chain FOR UPDATE`)
    for (const { by, audited } of pending) {
      seq = String(BigInt(seq) + 1n)
      const row: SealedRow = {
        seq,
        at: now.toISOString(),
        actor_kind: by.kind,
        actor_id: by.id,
        session_id: by.sessionId,
        address: by.address,
        action: audited.action,
        target_kind: audited.target?.kind ?? null,
        target_id: audited.target?.id ?? null,
        before: audited.before === undefined ? null : toJson(audited.before),
        after: audited.after === undefined ? null : toJson(audited.after),
        request_id: by.requestId,
        key_id: keyId,
      }
      hash = sealOf(hash, row)
      await tx.run(sql`
        INSERT INTO audit_log (seq, at, actor_kind, actor_id, session_id, address, action, target_kind, target_id,
                               before, after, request_id, key_id, hash)
        VALUES (${row.seq}, ${row.at}, ${row.actor_kind}, ${row.actor_id}, ${row.session_id}, ${row.address},
                ${row.action}, ${row.target_kind}, ${row.target_id}, ${row.before}, ${row.after}, ${row.request_id},
                ${row.key_id}, ${hash})`)
    }
    await tx.run(sql`UPDATE audit_chain SET seq = ${seq}, hash = ${hash}`)
  }

  return {
    keyId,
    hasKey: (id) => auditKeys.has(id),
    sealOf,
    record(tx, by, { before, after, ...audited }) {
      const change = before && after ? differences(before, after) : { before, after }
      if (change === null) return
      const entry = { by, audited: { ...audited, ...change } }
      const pending = pendingOf.get(tx)
      if (pending !== undefined) {
        pending.push(entry)
        return
      }
      const first = [entry]
      pendingOf.set(tx, first)
      tx.beforeCommit(() => append(tx, first))
    },
  }
}

/** Field by field; null where there are none. */
function differences(before: object, after: object): { before: object; after: object } | null {
  const was = new Map(Object.entries(before))
  const changed = Object.entries(after).filter(
    ([field, value]) => !isDeepStrictEqual(value, was.get(field)),
  )
  if (changed.length === 0) return null
  return {
    before: Object.fromEntries(changed.map(([field]) => [field, was.get(field) ?? null])),
    after: Object.fromEntries(changed),
  }
}
