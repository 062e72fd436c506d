import { readMarkKind, type ReadMark, type ReadMarkRow } from '@parley/contracts'

import { newsOf } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { type KeptKind } from '../../store/kept-kind.ts'

/** Conversations that this person has read, or marked unread, on another device, by id. */
export const markedElsewhere = newsOf<string>('conversations marked elsewhere')

/**
 * How far this person has read each conversation: the greater one of what the server said and of what was done here. A
 * mark outlives its conversation in the cache: what comes back has been read as far as it was.
 */
export const READ_STEPS: readonly string[] = [
  `
  CREATE TABLE read_marks (
    conversation_id TEXT PRIMARY KEY,
    id TEXT,                     -- the server's; null while it has said nothing of it
    turn INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    waits INTEGER NOT NULL,      -- the server has yet to hear of it
    generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX read_marks_waiting ON read_marks(waits, conversation_id) WHERE waits = 1;
  CREATE INDEX read_marks_by_id ON read_marks(id);
  CREATE INDEX read_marks_by_load ON read_marks(generation) WHERE waits = 0;
  CREATE TRIGGER mark_came AFTER INSERT ON read_marks BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER mark_moved AFTER UPDATE OF seq ON read_marks WHEN old.seq <> new.seq BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER mark_went AFTER DELETE ON read_marks BEGIN
    INSERT INTO touched VALUES (old.conversation_id) ON CONFLICT DO NOTHING;
  END;
  `,
]

interface KnownMark {
  turn: number
  seq: number
  waits: number
  generation: number
}

const NOTHING_READ = { turn: 0, seq: 0, waits: 0, generation: 0 }

export function markOf({ store }: Cache, conversationId: string): KnownMark {
  return (
    store.get<KnownMark>(
      'SELECT turn, seq, waits, generation FROM read_marks WHERE conversation_id = ?',
      conversationId,
    ) ?? NOTHING_READ
  )
}

/** Whether the first stands against the second; see `readMark`. */
function isGreater(a: Pick<ReadMark, 'turn' | 'seq'>, b: Pick<ReadMark, 'turn' | 'seq'>): boolean {
  return a.turn > b.turn || (a.turn === b.turn && a.seq > b.seq)
}

export const keptReadMarks: KeptKind<'read_mark'> = {
  kind: readMarkKind.kind,

  put(cache, row, { force, generation, applied }) {
    if (row.userId !== cache.myId) return
    const known = markOf(cache, row.conversationId)
    // A fresh load is the truth of what the server knows, and nothing about what it has yet to hear.
    const isMine = isGreater(known, row) && (!force || known.waits === 1)
    const { turn, seq } = isMine ? known : row
    write(cache, row, {
      turn,
      seq,
      waits: isMine ? known.waits : 0,
      generation: Math.max(known.generation, generation),
    })
    if (turn === known.turn && seq === known.seq) return
    applied.conversationIds.add(row.conversationId)
    applied.news.tell(markedElsewhere, row.conversationId)
  },

  /** Marks are pruned without a word, and go with the next fresh load. */
  remove({ store }, id, applied) {
    const gone = store.value<string>(
      'DELETE FROM read_marks WHERE id = ? AND waits = 0 RETURNING conversation_id',
      id,
    )
    if (gone !== null) applied.conversationIds.add(gone)
  },

  sweep({ store }, { generation, isNewEpoch }) {
    store.run('DELETE FROM read_marks WHERE waits = 0 AND generation < ?', generation)
    if (!isNewEpoch) return
    // A message's number may be that of another one which is gone, and nobody has read the new one: what was read
    // goes back to the last message that was here before and still is.
    store.run(
      `UPDATE read_marks SET seq = COALESCE((
         SELECT MAX(m.seq) FROM messages m
         WHERE m.conversation_id = read_marks.conversation_id AND m.seq <= read_marks.seq
           AND m.since < ? AND m.generation >= ?), 0)
       WHERE waits = 1`,
      generation,
      generation,
    )
  },
}

function write(
  { store }: Cache,
  { id, conversationId }: Pick<ReadMarkRow, 'id' | 'conversationId'>,
  { turn, seq, waits, generation }: KnownMark,
): void {
  store.run(
    `INSERT INTO read_marks (conversation_id, id, turn, seq, waits, generation) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id) DO UPDATE SET
       id = excluded.id, turn = excluded.turn, seq = excluded.seq, waits = excluded.waits, generation = excluded.generation`,
    conversationId,
    id,
    turn,
    seq,
    waits,
    generation,
  )
}

/** The person's own doing, which the server has yet to hear of. Inside a transaction. */
export function markHere({ store }: Cache, { conversationId, turn, seq }: ReadMark): void {
  store.run(
    `INSERT INTO read_marks (conversation_id, id, turn, seq, waits, generation) VALUES (?, NULL, ?, ?, 1, 0)
     ON CONFLICT (conversation_id) DO UPDATE SET turn = excluded.turn, seq = excluded.seq, waits = 1`,
    conversationId,
    turn,
    seq,
  )
}

/** What the server has yet to hear. */
export function waitingMarks({ store }: Cache, most: number): ReadMark[] {
  return store.all<ReadMark>(
    `SELECT conversation_id AS conversationId, turn, seq FROM read_marks WHERE waits = 1
     ORDER BY conversation_id LIMIT ?`,
    most,
  )
}

/**
 * The server has heard of these, and answered how they stand, which is how they stand on all of this person's devices.
 * Of what it says nothing it knows nothing: none of this person's any more, so the mark goes here, too. What was done
 * meanwhile waits on.
 */
export function settleMarks(
  { store }: Cache,
  sent: readonly ReadMark[],
  answered: readonly ReadMarkRow[],
): void {
  const known = new Map(answered.map((row) => [row.conversationId, row]))
  store.write(() => {
    for (const { conversationId, turn, seq } of sent) {
      const row = known.get(conversationId)
      if (row === undefined) {
        store.run(
          'DELETE FROM read_marks WHERE conversation_id = ? AND turn = ? AND seq = ?',
          conversationId,
          turn,
          seq,
        )
      } else {
        store.run(
          'UPDATE read_marks SET turn = ?, seq = ?, waits = 0 WHERE conversation_id = ? AND turn = ? AND seq = ?',
          row.turn,
          row.seq,
          conversationId,
          turn,
          seq,
        )
      }
    }
  })
}
