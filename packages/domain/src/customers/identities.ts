/** What somebody is known by on a channel. */
export const IDENTITY_KINDS = ['phone', 'user_id', 'app_id', 'group', 'email'] as const
export type IdentityKind = (typeof IDENTITY_KINDS)[number]

export interface Identity {
  kind: IdentityKind
  externalId: string
}

/**
 * The same for every way in which WhatsApp writes one number: Mexico's 1 and Argentina's 9 after the country, and
 * Brazil's ninth digit of mobile numbers, come and go. `canonical_identity` in the database is the same function.
 * @param phone with a plus sign
 */
export function canonicalPhone(phone: string): string {
  return phone
    .replace(/^\+521(\d{10})$/, '+52$1')
    .replace(/^\+549(\d{10})$/, '+54$1')
    .replace(/^\+55(\d\d)9([6-9]\d{7})$/, '+55$1$2')
}

/** Somebody who is known by an identity that came along. */
export interface KnownAs {
  kind: IdentityKind
  personId: string
  /** The person has an identity of this kind that lives, and that is not the one at hand. */
  hasOther: Partial<Record<IdentityKind, boolean>>
}

/** Who it is that a channel speaks of, and what follows for what was known. */
export type Identification =
  | { who: 'new'; takesPhoneFrom?: string }
  | { who: 'known'; personId: string; takesPhoneFrom?: string }
  /** Two who were known apart: the channel says in one breath that they are one. */
  | { who: 'same'; personIds: [string, string] }

/**
 * Who writes, by what came along: the channel's own id of them first, which stays when a number is given to somebody
 * else; then the number. What the channel says in one breath is one person, unless what is known says that the number
 * has changed hands.
 */
export function identify(given: readonly Identity[], known: readonly KnownAs[]): Identification {
  const [first] = known
  if (first === undefined) return { who: 'new' }
  const byUserId = known.find(({ kind }) => kind === 'user_id')
  const byPhone = known.find(({ kind }) => kind === 'phone')
  if (byPhone === undefined) return { who: 'known', personId: (byUserId ?? first).personId }
  if (byUserId === undefined) {
    const isOtherUser =
      given.some(({ kind }) => kind === 'user_id') && byPhone.hasOther.user_id === true
    return isOtherUser
      ? { who: 'new', takesPhoneFrom: byPhone.personId }
      : { who: 'known', personId: byPhone.personId }
  }
  if (byUserId.personId === byPhone.personId) {
    return { who: 'known', personId: byUserId.personId }
  }
  const hasChangedHands = byPhone.hasOther.user_id === true || byUserId.hasOther.phone === true
  return hasChangedHands
    ? { who: 'known', personId: byUserId.personId, takesPhoneFrom: byPhone.personId }
    : { who: 'same', personIds: [byUserId.personId, byPhone.personId] }
}
