import { type AlertPreferencesRow, type AlertRow } from '@parley/contracts'
import { DEFAULT_ALERT_PREFERENCES, type AlertPreferences } from '@parley/domain'

import { type Store } from './store.ts'

/** Ended ones are listed for so long, and then forgotten. */
export const ENDED_ALERTS_KEPT_MS = 24 * 60 * 60 * 1000

const OPEN = 'ended_at IS NULL AND acknowledged_at IS NULL'

/** An alert as this person sees it, and whether this device has told them. */
export interface CachedAlert {
  alert: AlertRow
  isTold: boolean
}

interface AlertRecord {
  row: string
  acknowledged_at: string | null
  told: number
}

/**
 * What one person is to be told, and how they want it. What they acknowledged here has ended for them at once;
 * that the server says so, too, comes later.
 */
export class CachedAlerts {
  readonly #store: Store
  readonly #myId: string

  constructor(store: Store, myId: string) {
    this.#store = store
    this.#myId = myId
  }

  /** Inside a transaction of the caller's. @returns whether it was news */
  put(row: AlertRow, { force, generation }: { force: boolean; generation: number }): boolean {
    if (row.userId !== this.#myId) return false
    // Risen a level it is told again.
    const changed = this.#store.run(
      `INSERT INTO alerts (id, version, conversation_id, row, raised_at, ended_at, generation)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, row = excluded.row,
         raised_at = excluded.raised_at, ended_at = excluded.ended_at, generation = excluded.generation,
         told = CASE WHEN COALESCE(excluded.row ->> '$.level', 0) > COALESCE(alerts.row ->> '$.level', 0)
                     THEN 0 ELSE alerts.told END
       WHERE excluded.version > alerts.version OR ?`,
      row.id,
      row.version,
      row.conversationId,
      JSON.stringify(row),
      row.raisedAt,
      row.endedAt,
      generation,
      force ? 1 : 0,
    )
    this.#forgetBefore(Date.parse(row.endedAt ?? row.raisedAt) - ENDED_ALERTS_KEPT_MS)
    return changed > 0
  }

  /** A fresh load has not brought them: they are over, however they ended. Inside a transaction. */
  endUnseen(generation: number, at: string): void {
    this.#store.run(
      `UPDATE alerts SET ended_at = ?, row = json_set(row, '$.endedAt', ?, '$.endReason', 'resolved')
       WHERE generation < ? AND ended_at IS NULL`,
      at,
      at,
      generation,
    )
  }

  /** Ended for this person, whatever the server says later. Inside a transaction. */
  acknowledge(id: string, at: string): void {
    this.#store.run('UPDATE alerts SET acknowledged_at = ? WHERE id = ?', at, id)
  }

  /** The acknowledgement was refused, or taken back: it stands as the server says. Inside a transaction. */
  takeBack(id: string): void {
    this.#store.run('UPDATE alerts SET acknowledged_at = NULL WHERE id = ?', id)
  }

  markTold(ids: readonly string[]): void {
    this.#store.write(() => {
      for (const id of ids) this.#store.run('UPDATE alerts SET told = 1 WHERE id = ?', id)
    })
  }

  /** Newest first. */
  open(): CachedAlert[] {
    return this.#read(`${OPEN} ORDER BY raised_at DESC, id`)
  }

  /** Null where it is unknown or over. */
  openById(id: string): AlertRow | null {
    return this.#read(`${OPEN} AND id = ?`, id)[0]?.alert ?? null
  }

  /** Those that stand and those that ended after this instant, newest first. */
  recent(endedAfter: string): AlertRow[] {
    return this.#read(
      `COALESCE(ended_at, acknowledged_at, '9') > ? ORDER BY raised_at DESC, id`,
      endedAfter,
    ).map(({ alert }) => alert)
  }

  /** Whether what an open alert says of its conversation may have changed with these. */
  concernsOpen(conversationIds: ReadonlySet<string>): boolean {
    return this.#store
      .all<{ conversation_id: string }>(`SELECT conversation_id FROM alerts WHERE ${OPEN}`)
      .some(({ conversation_id }) => conversationIds.has(conversation_id))
  }

  /** Inside a transaction of the caller's. @returns whether it was news */
  putPreferences(row: AlertPreferencesRow, force: boolean): boolean {
    if (row.id !== this.#myId) return false
    const known = this.#preferencesRow()
    if (!force && known !== null && known.version >= row.version) return false
    this.#store.setMeta('alertPreferences', JSON.stringify(row))
    return true
  }

  get preferences(): AlertPreferences {
    return this.#preferencesRow()?.preferences ?? DEFAULT_ALERT_PREFERENCES
  }

  #preferencesRow(): AlertPreferencesRow | null {
    const stored = this.#store.getMeta('alertPreferences')
    return stored === null ? null : (JSON.parse(stored) as AlertPreferencesRow)
  }

  #read(where: string, ...parameters: string[]): CachedAlert[] {
    return this.#store
      .all<AlertRecord>(
        `SELECT row, acknowledged_at, told FROM alerts WHERE ${where}`,
        ...parameters,
      )
      .map((record) => ({ alert: this.#asSeen(record), isTold: record.told === 1 }))
  }

  #asSeen({ row, acknowledged_at }: AlertRecord): AlertRow {
    const alert = JSON.parse(row) as AlertRow
    if (alert.endedAt !== null || acknowledged_at === null) return alert
    return {
      ...alert,
      endedAt: acknowledged_at,
      endReason: 'acknowledged',
      acknowledgedBy: this.#myId,
    }
  }

  #forgetBefore(instantMs: number): void {
    this.#store.run('DELETE FROM alerts WHERE ended_at < ?', new Date(instantMs).toISOString())
  }
}
