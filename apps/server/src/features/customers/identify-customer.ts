import { identify, type Channel, type Identification, type IdentityKind } from '@parley/domain'

import { together, type Transaction } from '../../platform/database.ts'
import { type CustomerReference } from '../channels/index.ts'
import {
  endIdentity,
  formerOwner,
  insertCustomer,
  insertIdentities,
  knownIdentities,
  lockIdentities,
  noteIdentity,
  noteName,
  rowsOfPerson,
  type KnownIdentity,
} from './identities.queries.ts'
import { mergeCustomers } from './merge-customers.ts'

export interface IdentifiedCustomer {
  /** The row that stands for the person: what begins now begins there. */
  id: string
  /** All rows that are this person. */
  rowIds: string[]
  /** The identity that they used, if it is still theirs: answers go there. */
  identityId: string | null
}

/**
 * Finds who it is, made known if new, and learns what the channel says: identities that are theirs too, numbers that
 * have changed hands, people who were known apart and are one. Twice, or at the same time as others, it comes to the
 * same.
 * @throws IdentitiesMoved where it is to be asked again, in a new transaction
 */
export async function identifyCustomer(
  tx: Transaction,
  channel: Channel,
  given: CustomerReference,
  at: Date,
): Promise<IdentifiedCustomer> {
  const externalIds = given.identities.map(({ externalId }) => externalId)
  const [, all] = await together(
    lockIdentities(tx, channel, externalIds),
    knownIdentities(tx, channel, externalIds),
  )
  const former = await ownerAtThatTime(tx, channel, given, all, at)
  if (former !== null) {
    return { id: former, rowIds: await rowsOfPerson(tx, former), identityId: null }
  }
  const { reference, known } = withoutNumberOfLater(given, all, at)
  const found = await decide(tx, channel, reference, known, at)
  await noteUse(tx, reference, known, at)
  await noteNewestName(tx, reference, known, found.rowIds, at)
  // Meta asks to answer to the number where there is one.
  const used = reference.identities.find(({ kind }) => kind === 'phone') ?? reference.identities[0]
  return {
    id: found.personId,
    rowIds: found.rowIds,
    identityId: found.identities.find(({ kind }) => kind === used.kind)?.id ?? null,
  }
}

const HOUR_MS = 3_600_000

async function noteUse(
  tx: Transaction,
  { identities }: CustomerReference,
  known: readonly KnownIdentity[],
  at: Date,
): Promise<void> {
  for (const one of known) {
    const given = identities.find(({ kind }) => kind === one.kind)
    if (given === undefined) continue
    const isStale = at.getTime() - one.last_seen_at.getTime() > HOUR_MS
    if (isStale || given.externalId !== one.external_id) {
      await noteIdentity(tx, one.id, given.externalId, at)
    }
  }
}

async function noteNewestName(
  tx: Transaction,
  { name }: CustomerReference,
  known: readonly KnownIdentity[],
  rowIds: readonly string[],
  at: Date,
): Promise<void> {
  const [first] = known
  if (name === null || first === undefined) return
  const isNewest = known.every(({ last_seen_at }) => last_seen_at <= at)
  const isKnown = known.every((one) => one.is_name_typed || one.name === name)
  if (isNewest && !isKnown) await noteName(tx, rowIds, name)
}

/**
 * A message that was sent before its number changed hands, and comes after that, is the former owner's. The channel's
 * own id of somebody never changes hands.
 */
async function ownerAtThatTime(
  tx: Transaction,
  channel: Channel,
  { identities }: CustomerReference,
  known: readonly KnownIdentity[],
  at: Date,
): Promise<string | null> {
  const isNumberOnly = identities.every(({ kind }) => kind !== 'user_id')
  const isKnownThen = known.some(({ valid_from }) => valid_from <= at)
  if (isKnownThen || (!isNumberOnly && known.length > 0)) return null
  return formerOwner(
    tx,
    channel,
    identities.map(({ externalId }) => externalId),
    at,
  )
}

/**
 * A number that somebody else has used since this was sent was the sender's then, and is not taken from its owner of
 * now: the sender is known by the channel's own id alone.
 */
function withoutNumberOfLater(
  reference: CustomerReference,
  known: readonly KnownIdentity[],
  at: Date,
): { reference: CustomerReference; known: readonly KnownIdentity[] } {
  const decision = decisionOf(reference, known)
  const taken = decision.who === 'same' ? undefined : decision.takesPhoneFrom
  const number = known.find(({ kind, person_id }) => kind === 'phone' && person_id === taken)
  const [first, ...others] = reference.identities.filter(({ kind }) => kind !== 'phone')
  if (number === undefined || number.last_seen_at <= at || first === undefined) {
    return { reference, known }
  }
  return {
    reference: { ...reference, identities: [first, ...others] },
    known: known.filter((one) => one !== number),
  }
}

function decisionOf(
  { identities }: CustomerReference,
  known: readonly KnownIdentity[],
): Identification {
  return identify(
    identities,
    known.map((one) => ({
      kind: one.kind,
      personId: one.person_id,
      hasOther: { user_id: one.has_other_user_id, phone: one.has_other_phone },
    })),
  )
}

interface Found {
  personId: string
  rowIds: string[]
  /** Of those that came along. */
  identities: readonly { id: string; kind: IdentityKind }[]
}

async function decide(
  tx: Transaction,
  channel: Channel,
  reference: CustomerReference,
  known: readonly KnownIdentity[],
  at: Date,
): Promise<Found> {
  const decision = decisionOf(reference, known)
  const taken = decision.who === 'same' ? undefined : decision.takesPhoneFrom
  let live = known
  if (taken !== undefined) {
    const phone = known.find(({ kind, person_id }) => kind === 'phone' && person_id === taken)
    if (phone !== undefined) await endIdentity(tx, phone.id, at, 'taken')
    live = known.filter((one) => one !== phone)
  }
  const missing = reference.identities.filter(({ kind }) => !live.some((one) => one.kind === kind))
  const add = async (customerId: string, isNew: boolean): Promise<Found['identities']> => {
    const added = missing.map((one, index) => ({ ...one, isPrimary: isNew && index === 0 }))
    const stored = await insertIdentities(tx, { customerId, channel, since: at }, added)
    return [...live, ...stored]
  }
  switch (decision.who) {
    case 'new': {
      const named =
        reference.identities.find(({ kind }) => kind === 'phone') ?? reference.identities[0]
      const { name } = reference
      const id = await insertCustomer(tx, { channel, externalId: named.externalId, name })
      return { personId: id, rowIds: [id], identities: await add(id, true) }
    }
    case 'known': {
      const { personId } = decision
      const rowIds = known.find(({ person_id }) => person_id === personId)?.row_ids ?? [personId]
      return { personId, rowIds, identities: await add(personId, false) }
    }
    case 'same': {
      const personId = await mergeCustomers(tx, decision.personIds, {
        kind: 'channel',
        reason: 'seen_together',
        evidence: { identities: reference.identities },
      })
      return { personId, rowIds: await rowsOfPerson(tx, personId), identities: live }
    }
  }
}
