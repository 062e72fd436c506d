import { exportedEntry } from '@parley/contracts'

import { type AuditLog } from '../../platform/audit-log.ts'

export type VerifiedCopy =
  | {
      isIntact: true
      entries: number
      /** Whether none is left out between the oldest and the newest: of what was filtered some are. */
      isWithoutGaps: boolean
    }
  | {
      isIntact: false
      /** Counted from 1. */
      line: number
      problem: 'unreadable' | 'altered' | 'other_key' | 'out_of_order'
    }

/**
 * Whether every line of an export is as the log had it, and those that follow each other do so there, too. The newest
 * stands first. That nothing was left out at either end no copy can show.
 */
export async function verifyCopy(
  lines: AsyncIterable<string>,
  { sealOf, hasKey }: AuditLog,
): Promise<VerifiedCopy> {
  let line = 0
  let newer: { seq: number; previous: string; at: string } | null = null
  let isWithoutGaps = true
  for await (const text of lines) {
    line++
    const entry = readLine(text)
    if (entry === null) return { isIntact: false, line, problem: 'unreadable' }
    if (!hasKey(entry.keyId)) return { isIntact: false, line, problem: 'other_key' }
    if (sealOf(Buffer.from(entry.previous, 'hex'), toRow(entry)).toString('hex') !== entry.hash) {
      return { isIntact: false, line, problem: 'altered' }
    }
    if (newer !== null) {
      const follows = newer.seq === entry.seq + 1
      const isInOrder = newer.at > entry.at || (newer.at === entry.at && newer.seq > entry.seq)
      if (!isInOrder || (follows && newer.previous !== entry.hash)) {
        return { isIntact: false, line, problem: 'out_of_order' }
      }
      isWithoutGaps &&= follows
    }
    newer = entry
  }
  return { isIntact: true, entries: line, isWithoutGaps }
}

type Exported = ReturnType<typeof exportedEntry.parse>

function readLine(text: string): Exported | null {
  try {
    return exportedEntry.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function toRow(entry: Exported): Parameters<AuditLog['sealOf']>[1] {
  return {
    seq: String(entry.seq),
    at: entry.at,
    actor_kind: entry.actorKind,
    actor_id: entry.actorId,
    session_id: entry.sessionId,
    address: entry.address,
    action: entry.action,
    target_kind: entry.targetKind,
    target_id: entry.targetId,
    before: toText(entry.before),
    after: toText(entry.after),
    request_id: entry.requestId,
    key_id: entry.keyId,
  }
}

/** The same letters: what was written by `JSON.stringify` comes back from it as it was. */
const toText = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
