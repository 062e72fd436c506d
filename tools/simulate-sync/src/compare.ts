import { type OutboxView } from '@parley/contracts'

import { COMPARED_KINDS, expectedOf, type ComparedKind } from './expected.ts'
import { heldMarks, heldRows, heldThreads, type HeldRow } from './held-rows.ts'
import { isGreater, type Deed, type Mark } from './journal.ts'
import { compareShown, type Earlier } from './shown/index.ts'
import { type Workstation } from './workstation.ts'
import { type World } from './world.ts'

/** Everything that must hold once all is quiet. @param earlier what was so seconds ago @returns what does not, in words */
export async function compare(world: World, earlier: Earlier): Promise<string[]> {
  const faults: string[] = []
  const readers = []
  for (const workstation of world.workstations) {
    const session = await workstation.session()
    if (session?.state === 'signed_in' && workstation.hasCache) {
      readers.push(workstation)
    }
  }
  // Rows that the server adds to what is shown are looked at, too.
  faults.push(...(await compareShown(world, readers, earlier)))
  for (const workstation of readers) {
    for (const kind of COMPARED_KINDS) faults.push(...(await compareRows(world, workstation, kind)))
    faults.push(...(await compareThreads(world, workstation)))
    faults.push(...(await compareOutbox(world, workstation)))
    faults.push(...compareDrafts(world, workstation))
  }
  faults.push(...(await compareMarks(world, readers)))
  for (const workstation of world.workstations) faults.push(...compareTold(world, workstation))
  faults.push(...(await compareIntents(world)))
  faults.push(...(await compareReplies(world)))
  return faults
}

// Rows

async function compareRows(
  world: World,
  workstation: Workstation,
  kind: ComparedKind,
): Promise<string[]> {
  const { rows, must, ledAs } = await expectedOf(world.database, workstation, kind)
  const held = heldRows(workstation, kind)
  if (held === null) return [`${workstation.name} has no cache`]
  const faults: string[] = []
  const name = (id: string): string => `${kind} ${world.describe(id)}`
  for (const id of must) {
    if (!held.has(id)) faults.push(`${workstation.name} has not got ${name(id)}`)
  }
  for (const [id, row] of held) {
    const stored = rows.get(id)
    if (stored === undefined) {
      if (!(await isGone(world, workstation, kind, row))) {
        faults.push(`${workstation.name} has ${name(id)}, which it may not see`)
      }
      continue
    }
    const isCurrent = must.has(id) || ALWAYS_CURRENT.has(kind)
    const differing = [
      ...(isCurrent ? differences(kind, row, stored) : []),
      ...differencesOfPart(kind, row, stored, ledAs.get(id) ?? [], workstation.person.id),
    ]
    for (const difference of differing) {
      faults.push(`${workstation.name} has ${name(id)} with another ${difference}`)
    }
  }
  return faults
}

/** Whatever is held of these is kept in step, and not only what has to be held. */
const ALWAYS_CURRENT: ReadonlySet<ComparedKind> = new Set(['conversation', 'message'])

/** A thread that is held has no hole: from the oldest message that is here to the newest that there is. */
async function compareThreads(world: World, workstation: Workstation): Promise<string[]> {
  const threads = heldThreads(workstation)
  const held = heldRows(workstation, 'message')
  const stored = await world.database.query<{ id: string; conversation_id: string; seq: string }>(
    'SELECT id, conversation_id, seq FROM messages',
  )
  return stored.flatMap(({ id, conversation_id: of, seq }) => {
    const begins = threads.get(of)
    if (begins === undefined || Number(seq) < begins || held?.has(id) === true) return []
    return [`${workstation.name} has a hole in ${world.describe(of)}: message ${seq} is not there`]
  })
}

/**
 * What ends without a word stays in lists as over, and nobody else's words are in it. With a tag that is deleted goes what
 * was on any number of conversations: it is not shown from then on, and leaves with the next load.
 */
async function isGone(
  { database }: World,
  workstation: Workstation,
  kind: ComparedKind,
  row: HeldRow,
): Promise<boolean> {
  if (kind === 'conversation_tag') {
    const tagId = String(row['tagId'])
    const [tag] = await database.query('SELECT 1 FROM tags WHERE id = $1', [tagId])
    return tag === undefined && heldRows(workstation, 'tag')?.has(tagId) === false
  }
  if (kind !== 'alert' && kind !== 'offer') return false
  const [known] = await database.query(`SELECT 1 FROM ${kind}s WHERE id = $1`, [row.id])
  return known === undefined && (row['endedAt'] !== null || row['outcome'] !== 'open')
}

/** What each reader is shown in its own way. */
const SHOWN_BY_READER: Partial<Record<ComparedKind, readonly string[]>> = {
  // Compared by itself: see `differencesOfPart`.
  event: ['metadata'],
  offer: ['explanation'],
  // By a person's own hand it may be over here before the server has heard of it.
  alert: ['endedAt', 'endReason', 'acknowledgedBy'],
  // Rises with what workstations are not told of, too.
  presence: ['version'],
  // By another name in the table.
  customer: ['metadata'],
}

function differences(kind: ComparedKind, row: HeldRow, stored: Record<string, unknown>): string[] {
  return Object.entries(row).flatMap(([name, value]) => {
    if (SHOWN_BY_READER[kind]?.includes(name) === true) return []
    const column = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
    if (!(column in stored)) return []
    const there = normal(stored[column])
    const here = normal(value)
    return there === here ? [] : [`${name}: ${here} here, ${there} there`]
  })
}

/** Of why somebody was chosen, what says nothing of anybody. */
const OF_THE_RULE = ['strategy', 'chosenBecause', 'waitedMs', 'requiredSkills', 'relaxed']

/**
 * Why somebody was chosen tells what colleagues have to do: who leads them reads all of it, everybody else the rule and
 * their own place. These rows never change, so they are right in whatever thread they are.
 */
function differencesOfPart(
  kind: ComparedKind,
  row: HeldRow,
  stored: Record<string, unknown>,
  ledAs: readonly boolean[],
  readerId: string,
): string[] {
  if (kind !== 'event' && kind !== 'offer') return []
  const [name, whole] =
    kind === 'event'
      ? (['metadata', (stored['metadata'] ?? {}) as Record<string, unknown>] as const)
      : (['explanation', { explanation: stored['explanation'] }] as const)
  const here = normal(kind === 'event' ? row['metadata'] : { explanation: row['explanation'] })
  const possible = ledAs.map((leads) => normal(leads ? whole : withoutOthers(whole, readerId)))
  return possible.includes(here)
    ? []
    : [`${name}: ${here} here, ${possible.join(' or ')} is for this person`]
}

function withoutOthers(of: Record<string, unknown>, readerId: string): Record<string, unknown> {
  const { explanation } = of
  if (typeof explanation !== 'object' || explanation === null) return of
  const parts = explanation as Record<string, unknown> & { eligible?: { userId: string }[] }
  const rule = OF_THE_RULE.flatMap((name) => (name in parts ? [[name, parts[name]]] : []))
  const own = (parts.eligible ?? []).filter(({ userId }) => userId === readerId)
  return { ...of, explanation: { ...Object.fromEntries(rule), eligible: own } }
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/

function normal(value: unknown): string {
  if (typeof value === 'string' && INSTANT.test(value)) return new Date(value).toISOString()
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'object') return JSON.stringify(sorted(value))
  return String(value)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  )
}

// What waits, and what was written

async function compareOutbox(world: World, workstation: Workstation): Promise<string[]> {
  const intents = (await world.ask<OutboxView[]>(workstation, 'outbox.list')) ?? []
  return intents
    .filter(({ state, refusal, isHeld }) => !(state === 'refused' && refusal !== null) && !isHeld)
    .map(({ kind, state }) => `${workstation.name}: a ${kind} is still ${state} in its outbox`)
}

function compareDrafts(world: World, workstation: Workstation): string[] {
  const drafts = new Map(
    (
      workstation.read<{ conversation_id: string; text: string }>(
        'SELECT conversation_id, text FROM drafts',
      ) ?? []
    ).map(({ conversation_id, text }) => [conversation_id, text]),
  )
  const faults: string[] = []
  for (const [key, allowed] of world.journal.drafts) {
    const [device, conversationId = ''] = key.split(' ')
    if (Number(device) !== workstation.index) continue
    const text = drafts.get(conversationId) ?? ''
    if (!allowed.has(text)) {
      faults.push(
        `${workstation.name}: the draft on ${world.describe(conversationId)} is "${text}" and not "${[...allowed].join('" or "')}"`,
      )
    }
  }
  return faults
}

// Read marks

/** All devices of a person have the server's marks, and it has each that was made in what they could see ever since. */
async function compareMarks(world: World, readers: readonly Workstation[]): Promise<string[]> {
  const faults: string[] = []
  for (const workstation of readers) {
    const { id: personId } = workstation.person
    const stored = await world.database.query<{ id: string; turn: number; seq: string }>(
      'SELECT conversation_id AS id, turn, seq FROM read_marks WHERE user_id = $1',
      [personId],
    )
    const there = new Map(stored.map(({ id, turn, seq }) => [id, { turn, seq: Number(seq) }]))
    const here = new Map(heldMarks(workstation).map((mark) => [mark.conversationId, mark]))
    for (const id of new Set([...there.keys(), ...here.keys()])) {
      const [mark, known] = [here.get(id), there.get(id)]
      if (mark?.waits === 1) {
        faults.push(
          `${workstation.name}: the read mark ${said(mark)} of ${world.describe(id)} still waits`,
        )
      } else if (
        said(mark) !== said(known) &&
        !(known === undefined && (await isPruned(world, id)))
      ) {
        faults.push(
          `${workstation.name}: the read mark of ${world.describe(id)} is ${said(mark)} here and ${said(known)} there`,
        )
      }
    }
  }
  if (world.journal.goneBack.length > 0) return faults
  for (const [key, confirmed] of world.journal.confirmed) {
    const known = await markThere(world, key)
    if (known !== undefined && !isGreater(confirmed, known)) continue
    const [personId = '', id = ''] = key.split(' ')
    if (await isPruned(world, id)) continue
    faults.push(
      `${world.describe(personId)}: the read mark ${said(confirmed)} of ${world.describe(id)} was confirmed, and the server has ${said(known)}`,
    )
  }
  for (const [key, made] of world.journal.marks) {
    const known = await markThere(world, key)
    if (known !== undefined && !isGreater(made, known)) continue
    const [personId = '', id = ''] = key.split(' ')
    // What nobody had heard of went with its device, or was of what its person might not see any more.
    if ((world.workstations[made.device]?.wipedAtMs ?? 0) >= made.atMs) continue
    if (await isPruned(world, id)) continue
    if (!(await couldSeeSince(world, personId, id, made.atMs))) continue
    faults.push(
      `${world.describe(personId)}: ${world.describe(id)} was marked ${said(made)}, and the server has ${said(known)}`,
    )
  }
  return faults
}

async function markThere({ database }: World, key: string): Promise<Mark | undefined> {
  const [known] = await database.query<Mark>(
    'SELECT turn, seq::int FROM read_marks WHERE user_id = $1 AND conversation_id = $2',
    key.split(' '),
  )
  return known
}

const said = (mark: Mark | undefined): string =>
  mark === undefined ? 'none' : `${mark.turn}/${mark.seq}`

/** Marks go without a word when nobody holds their conversation any more. */
async function isPruned({ database }: World, id: string): Promise<boolean> {
  const [pruned] = await database.query(
    `SELECT 1 FROM conversations WHERE id = $1 AND closed_at < sim.now() - INTERVAL '29 days'`,
    [id],
  )
  return pruned !== undefined
}

async function couldSeeSince(
  { database }: World,
  personId: string,
  id: string,
  sinceMs: number,
): Promise<boolean> {
  const times = await database.query<{ is_visible: boolean; is_before: boolean }>(
    `SELECT is_visible, at < to_timestamp($3::float8 / 1000) AS is_before FROM sim.reach
     WHERE person_id = $1 AND conversation_id = $2 ORDER BY number`,
    [personId, id, sinceMs],
  )
  const last = times.findLast(({ is_before: isBefore }) => isBefore)
  const since = times.filter(({ is_before: isBefore }) => !isBefore)
  return last?.is_visible === true && since.every(({ is_visible: isVisible }) => isVisible)
}

// Alerts

function compareTold(world: World, { name, told }: Workstation): string[] {
  const faults: string[] = []
  const counts = Map.groupBy(
    told,
    ({ alertId, level, raisedAt }) => `${alertId} ${level} ${raisedAt}`,
  )
  for (const [key, times] of counts) {
    const lives = new Set(times.map(({ life }) => life))
    // Whoever crashes between telling and noting it tells it again, and whose cache was wiped does not know.
    if (times.length > lives.size)
      faults.push(
        `${name} was told ${times.length} times of alert ${world.describe(key.split(' ')[0])}`,
      )
  }
  return faults
}

// What people did

async function compareIntents(world: World): Promise<string[]> {
  const { journal, database } = world
  const faults: string[] = []
  for (const deed of journal.deeds) {
    if (deed.outcome === null || !('intentIds' in deed.outcome)) continue
    for (const id of deed.outcome.intentIds) {
      if (journal.givenUp.has(id)) continue
      const [taken] = await database.query(
        'SELECT 1 FROM intents WHERE id = $1 UNION ALL SELECT 1 FROM messages WHERE id = $1',
        [id],
      )
      if (taken !== undefined) continue
      // What was carried out after the backup is gone with all else.
      if (journal.goneBack.length > 0) continue
      const waiting = world.workstations[deed.device]?.read(
        'SELECT 1 FROM outbox WHERE intent_id = ?',
        id,
      )
      if (waiting !== null && waiting?.length === 0)
        faults.push(`deed ${deed.number} (${deed.method}) is nowhere: neither done nor waiting`)
    }
  }
  return faults
}

async function compareReplies(world: World): Promise<string[]> {
  const { journal, database } = world
  const faults: string[] = []
  const stored = await database.query<{
    content_text: string
    conversation_id: string
    seq: string
    discarded: boolean
  }>(
    `SELECT content_text, conversation_id, seq, discarded_at IS NOT NULL AS discarded
     FROM messages WHERE direction = 'outbound' AND content_text LIKE 'reply %' ORDER BY conversation_id, seq`,
  )
  const byWords = Map.groupBy(stored, ({ content_text }) => content_text)
  for (const [words, times] of byWords) {
    if (times.length > 1) faults.push(`"${words}" was written ${times.length} times`)
  }
  for (const workstation of world.workstations) {
    const { name } = workstation
    const refused = workstation.read<{ payload: string }>(
      `SELECT payload FROM outbox WHERE state = 'refused'`,
    )
    for (const { payload } of refused ?? []) {
      const { text } = JSON.parse(payload) as { text?: string }
      if (text !== undefined && byWords.has(text))
        faults.push(`"${text}" is refused here and was written: ${name}`)
    }
  }
  if (journal.goneBack.length === 0) {
    const received = Map.groupBy(world.graph.received, ({ text }) => text)
    for (const [words, times] of received) {
      if (times.length > 1 && words.startsWith('reply ') && !journal.sentAgain.has(words))
        faults.push(`"${words}" was sent to the customer ${times.length} times`)
    }
  }
  const replies = journal.deeds.filter(({ method }) => method === 'conversation.reply')
  const ofOne = Map.groupBy(replies, ({ device, conversationId }) => `${device} ${conversationId}`)
  for (const deeds of ofOne.values()) faults.push(...compareOrder(world, deeds, byWords))
  return faults
}

/** Of one device's replies in one conversation. */
function compareOrder(
  world: World,
  deeds: readonly Deed[],
  written: ReadonlyMap<string, readonly { seq: string }[]>,
): string[] {
  const faults: string[] = []
  let last: { number: number; seq: number } | null = null
  let stillHere: number | null = null
  for (const { number, words, device, outcome } of deeds) {
    const [message] = written.get(words ?? '') ?? []
    if (message === undefined) {
      const [id = ''] = outcome !== null && 'intentIds' in outcome ? outcome.intentIds : []
      const here = world.workstations[device]?.read('SELECT 1 FROM outbox WHERE intent_id = ?', id)
      if ((here?.length ?? 0) > 0) stillHere ??= number
      continue
    }
    const seq = Number(message.seq)
    if (stillHere !== null)
      faults.push(
        `the reply of deed ${number} was sent before that of deed ${stillHere}, which waits`,
      )
    if (last !== null && last.seq > seq)
      faults.push(`the reply of deed ${number} stands before that of deed ${last.number}`)
    last = { number, seq }
  }
  return faults
}
