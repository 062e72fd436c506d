import { alertKind, type AlertRow } from '@parley/contracts'
import { ALERT_KINDS } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'

export const ALERT_STEPS: readonly string[] = [
  `
  CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    row TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    ended_at TEXT,                   -- as the server said
    acknowledged_at TEXT,            -- by this person, here, whether or not the server knows it yet
    told INTEGER NOT NULL DEFAULT 0, -- this device has brought it before the person
    generation INTEGER NOT NULL      -- the bootstrap that last saw it
  ) WITHOUT ROWID;
  CREATE INDEX alerts_open ON alerts(raised_at) WHERE ended_at IS NULL AND acknowledged_at IS NULL;
  CREATE INDEX alerts_conversation ON alerts(conversation_id);
  CREATE INDEX alerts_ended ON alerts(ended_at) WHERE ended_at IS NOT NULL;
  `,
]

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
 * What one person is to be told. What they acknowledged here has ended for them at once; that the server says so, too,
 * comes later.
 */
export const keptAlerts = keptKind(alertKind, {
  table: 'alerts',
  mayKeep: ({ myId }, { userId }) => userId === myId,
  columns: ({ conversationId, raisedAt, endedAt }) => ({
    conversation_id: conversationId,
    raised_at: raisedAt,
    ended_at: endedAt,
  }),
  kept({ store }, row, before) {
    // Risen a level it is told again.
    if (before !== null && (row.level ?? 0) > (before.level ?? 0)) {
      store.run('UPDATE alerts SET told = 0 WHERE id = ?', row.id)
    }
    // Raised again, because whoever had taken it may not any more: as if it were new.
    if (before !== null && row.raisedAt > before.raisedAt) {
      store.run('UPDATE alerts SET told = 0, acknowledged_at = NULL WHERE id = ?', row.id)
    }
    const keptSince = Date.parse(row.endedAt ?? row.raisedAt) - ENDED_ALERTS_KEPT_MS
    store.run('DELETE FROM alerts WHERE ended_at < ?', new Date(keptSince).toISOString())
  },
  // They are over, however they ended: whoever was told of one is told that.
  sweep({ store }, { generation }) {
    const at = new Date().toISOString()
    store.run(
      `UPDATE alerts SET ended_at = ?, row = json_set(row, '$.endedAt', ?, '$.endReason', 'resolved')
       WHERE generation < ? AND ended_at IS NULL`,
      at,
      at,
      generation,
    )
  },
})

/** Ended for this person, whatever the server says later. Inside a transaction. */
export function acknowledgeHere({ store }: Cache, id: string, at: string): void {
  store.run('UPDATE alerts SET acknowledged_at = ? WHERE id = ?', at, id)
}

/** The acknowledgement was refused, or taken back: it stands as the server says. Inside a transaction. */
export function takeBackHere({ store }: Cache, id: string): void {
  store.run('UPDATE alerts SET acknowledged_at = NULL WHERE id = ?', id)
}

export function markTold({ store }: Cache, ids: readonly string[]): void {
  store.write(() => {
    for (const id of ids) store.run('UPDATE alerts SET told = 1 WHERE id = ?', id)
  })
}

/** Newest first; of each conversation the gravest alone: it says all that the others would. */
export function openAlerts(cache: Cache): CachedAlert[] {
  const open = readAlerts(cache, `${OPEN} ORDER BY raised_at DESC, id`)
  const gravest = gravestByConversation(open.map(({ alert }) => alert))
  return open.filter(({ alert }) => gravest.get(alert.conversationId) === alert)
}

/** All that stand of one conversation. */
export function openAlertsOf(cache: Cache, conversationId: string): AlertRow[] {
  return readAlerts(cache, `${OPEN} AND conversation_id = ?`, conversationId).map(
    ({ alert }) => alert,
  )
}

/** Of equally grave ones the first. */
function gravestByConversation(open: readonly AlertRow[]): Map<string, AlertRow> {
  const gravest = new Map<string, AlertRow>()
  for (const alert of open) {
    const before = gravest.get(alert.conversationId)
    if (before === undefined || gravityOf(alert) > gravityOf(before))
      gravest.set(alert.conversationId, alert)
  }
  return gravest
}

export const gravityOf = ({ kind }: AlertRow): number => ALERT_KINDS.indexOf(kind)

/** Null where it is unknown or over. */
export function openAlert(cache: Cache, id: string): AlertRow | null {
  return readAlerts(cache, `${OPEN} AND id = ?`, id)[0]?.alert ?? null
}

/** Those that stand, of each conversation the gravest, and those that ended after this instant; newest first. */
export function recentAlerts(cache: Cache, endedAfter: string): AlertRow[] {
  const recent = readAlerts(
    cache,
    `COALESCE(ended_at, acknowledged_at, '9') > ? ORDER BY raised_at DESC, id`,
    endedAfter,
  ).map(({ alert }) => alert)
  const gravest = gravestByConversation(recent.filter(({ endedAt }) => endedAt === null))
  return recent.filter(
    (alert) => alert.endedAt !== null || gravest.get(alert.conversationId) === alert,
  )
}

export function conversationsAlertedOf({ store }: Cache): string[] {
  return store
    .all<{ id: string }>(`SELECT DISTINCT conversation_id AS id FROM alerts WHERE ${OPEN}`)
    .map(({ id }) => id)
}

/** Whether what an open alert says of its conversation may have changed with these. */
export function concernOpenAlerts({ store }: Cache, conversationIds: ReadonlySet<string>): boolean {
  const found = store.value(
    `SELECT 1 FROM alerts WHERE ${OPEN} AND conversation_id IN (SELECT value FROM json_each(?)) LIMIT 1`,
    JSON.stringify([...conversationIds]),
  )
  return found !== null
}

function readAlerts({ store, myId }: Cache, where: string, ...parameters: string[]): CachedAlert[] {
  return store
    .all<AlertRecord>(`SELECT row, acknowledged_at, told FROM alerts WHERE ${where}`, ...parameters)
    .map((record) => ({ alert: asSeen(record, myId), isTold: record.told === 1 }))
}

function asSeen({ row, acknowledged_at }: AlertRecord, myId: string): AlertRow {
  const alert = JSON.parse(row) as AlertRow
  if (alert.endedAt !== null || acknowledged_at === null) return alert
  return { ...alert, endedAt: acknowledged_at, endReason: 'acknowledged', acknowledgedBy: myId }
}
