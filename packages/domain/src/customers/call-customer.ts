import { endOf, isolated, shownName } from '../people/names.ts'
import { groupedPhone, isPhone } from './phone-number.ts'

/** What is known of a customer by which they could be called. */
export interface CallableCustomer {
  name: string | null
  channel: string
  externalId: string
  identities: readonly { externalId: string }[]
}

const CHANNEL_NAMES: Readonly<Record<string, string>> = { whatsapp: 'WhatsApp', chat_app: 'App' }

/**
 * How a customer is called, everywhere: by name; where it says nothing, by number; where there is none, by their channel
 * and the end of what it knows them by, which is the same word in every language and tells two of them apart.
 */
export function callCustomer({ name, channel, externalId, identities }: CallableCustomer): string {
  const shown = shownName(name ?? '')
  if (shown !== '') return isolated(shown)
  const phone = [externalId, ...identities.map((identity) => identity.externalId)].find(isPhone)
  if (phone !== undefined) return groupedPhone(phone)
  return `${CHANNEL_NAMES[channel] ?? 'Parley'} …${endOf(externalId)}`
}

/** How an identity of theirs is shown: a number in groups, anything else as it is, whatever it holds. */
export function showIdentity(externalId: string): string {
  return isPhone(externalId) ? groupedPhone(externalId) : isolated(shownName(externalId))
}
