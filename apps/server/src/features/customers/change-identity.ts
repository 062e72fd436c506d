import { canonicalPhone, type Channel, type Identity } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type IdentifiedCustomer } from './identify-customer.ts'
import {
  endIdentity,
  formerOwner,
  insertCustomer,
  insertEnded,
  insertIdentities,
  knownIdentities,
  lockIdentities,
  rowsOfPerson,
  type KnownIdentity,
} from './identities.queries.ts'
import { mergeCustomers } from './merge-customers.ts'

/** The channel says that somebody has another number, or another id, than before. */
export interface IdentityChange {
  before: readonly Identity[]
  after: readonly Identity[]
}

/** Somebody who wrote from their new number a moment before the channel told of it, not its former owner. */
const JUST_BEFORE_MS = 24 * 3600_000

/**
 * The same customer goes on under another identity: the old one ends, the new one is theirs, and answers go there.
 * Its former owner, if it had one, is not them; whoever appeared under it just now is.
 * @returns null where nobody of them is known
 */
export async function changeIdentity(
  tx: Transaction,
  channel: Channel,
  { before, after }: IdentityChange,
  at: Date,
): Promise<IdentifiedCustomer | null> {
  const externalIds = [...before, ...after].map(({ externalId }) => externalId)
  await lockIdentities(tx, channel, externalIds)
  const known = await knownIdentities(tx, channel, externalIds)
  const theirs = known.filter(({ external_id }) => isAmong(before, external_id))
  const present = known.filter(({ external_id }) => isAmong(after, external_id))
  const person = (theirs.find(({ kind }) => kind === 'user_id') ?? theirs[0] ?? present[0])
    ?.person_id
  if (person === undefined) return rememberStranger(tx, channel, { before, after }, at)
  const next = await ownerOfNext(tx, channel, after, present, at)
  if (next !== null && next !== person) {
    await endReplaced(tx, theirs, after, at)
    const evidence = { before, after }
    const id = await mergeCustomers(tx, [person, next], {
      kind: 'channel',
      reason: 'identity_changed',
      evidence,
    })
    return { id, rowIds: await rowsOfPerson(tx, id), identityId: null }
  }

  const others = present.filter(({ person_id }) => person_id !== person)
  const newcomer = others.find((one) => isThemselves(one, present, after, at))?.person_id
  const strangers = others.filter(({ person_id }) => person_id !== newcomer)
  // Told late: the new one has been somebody else's since.
  const gone = strangers.filter(({ last_seen_at }) => last_seen_at > at)
  for (const one of strangers) {
    if (!gone.includes(one)) await endIdentity(tx, one.id, at, 'taken')
  }
  await endReplaced(tx, theirs, after, at)
  const personId =
    newcomer === undefined
      ? person
      : await mergeCustomers(tx, [person, newcomer], {
          kind: 'channel',
          reason: 'identity_changed',
          evidence: { before, after },
        })
  const kept = present.filter((one) => one.person_id === person || one.person_id === newcomer)
  const missing = after.filter(({ kind }) => ![...kept, ...gone].some((one) => one.kind === kind))
  const added = await insertIdentities(
    tx,
    { customerId: personId, channel, since: at },
    missing.map((identity) => ({ ...identity, isPrimary: false })),
  )
  const now = [...kept, ...added]
  const used = now.find(({ kind }) => kind === 'phone') ?? now[0]
  const rowIds = await rowsOfPerson(tx, personId)
  if (used !== undefined) await answerTo(tx, rowIds, used.id)
  return { id: personId, rowIds, identityId: used?.id ?? null }
}

async function endReplaced(
  tx: Transaction,
  theirs: readonly KnownIdentity[],
  after: readonly Identity[],
  at: Date,
): Promise<void> {
  for (const one of theirs) {
    const isReplaced = after.some(
      ({ kind, externalId }) =>
        kind === one.kind && canonicalPhone(externalId) !== canonicalPhone(one.external_id),
    )
    if (isReplaced) await endIdentity(tx, one.id, at, 'changed')
  }
}

/**
 * Told before what came before it: somebody of whom nothing is known goes on under another identity. Who they were is
 * remembered, for when it is told who went on as them; there is no thread yet to say so in.
 */
async function rememberStranger(
  tx: Transaction,
  channel: Channel,
  { before, after }: IdentityChange,
  at: Date,
): Promise<null> {
  const [named] = after
  if (named === undefined || before.length === 0) return null
  const id = await insertCustomer(tx, { channel, externalId: named.externalId, name: null })
  await insertIdentities(
    tx,
    { customerId: id, channel, since: at },
    after.map((identity, index) => ({ ...identity, isPrimary: index === 0 })),
  )
  await insertEnded(tx, { customerId: id, channel, endedAt: at }, before)
  return null
}

/** Who has gone on from the new identity since, as the channel has told already. */
async function ownerOfNext(
  tx: Transaction,
  channel: Channel,
  after: readonly Identity[],
  present: readonly KnownIdentity[],
  at: Date,
): Promise<string | null> {
  if (present.length > 0 || after.length === 0) return null
  return formerOwner(
    tx,
    channel,
    after.map(({ externalId }) => externalId),
    at,
  )
}

function isAmong(identities: readonly Identity[], externalId: string): boolean {
  const canonical = canonicalPhone(externalId)
  return identities.some((identity) => canonicalPhone(identity.externalId) === canonical)
}

/** Whether whoever is known by the new identity already is the very person who has it now. */
function isThemselves(
  one: KnownIdentity,
  present: readonly KnownIdentity[],
  after: readonly Identity[],
  at: Date,
): boolean {
  const says = after.some(({ kind }) => kind === 'user_id')
  const hasTheirId = present.some(
    ({ kind, person_id }) => kind === 'user_id' && person_id === one.person_id,
  )
  if (says && hasTheirId) return true
  const isNewHere = one.valid_from.getTime() >= at.getTime() - JUST_BEFORE_MS
  return isNewHere && !one.has_other_user_id
}

/** What is open with them goes on there. */
async function answerTo(
  tx: Transaction,
  customerIds: readonly string[],
  identityId: string,
): Promise<void> {
  await tx.run(sql`
    UPDATE conversations SET reply_identity_id = ${identityId}
    WHERE id = ANY(ARRAY(
        SELECT open.id FROM unnest(${customerIds}::uuid[]) AS person(id)
        CROSS JOIN LATERAL (
          SELECT c.id FROM conversations c WHERE c.customer_id = person.id AND c.status <> 'closed' LIMIT 1000) open))
      AND status <> 'closed' AND reply_identity_id IS DISTINCT FROM ${identityId}`)
}
