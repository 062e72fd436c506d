import { canonicalPhone, isQuietMessage, type Identity } from '@parley/domain'
import { z } from 'zod'

import { TooDeep, plausibleInstant, storable } from '../text.ts'
import {
  UnreadableBody,
  type ChannelMessage,
  type CustomerReference,
  type Receipt,
  type Update,
} from '../updates.ts'

/**
 * The Cloud API's webhook, read with tolerance: unknown fields, types and values are normal there, and one
 * unreadable part never takes its neighbours along.
 */

const list = z.array(z.unknown()).catch([])
const text = z.string().catch('')
const object = z.record(z.string(), z.unknown())

/** Older captures have no `object`; another one is another product's webhook. */
const envelope = z.looseObject({
  object: z.literal('whatsapp_business_account').optional(),
  entry: z.array(z.unknown()),
})
const entry = z.looseObject({ changes: list })
const change = z.looseObject({ field: z.string().nullish().catch(null), value: object.catch({}) })
const metadata = z.looseObject({ phone_number_id: z.string() })
const contact = z.looseObject({
  wa_id: text,
  user_id: text,
  profile: z.looseObject({ name: text }).catch({ name: '' }),
})
const message = z.looseObject({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(50).catch('unknown'),
  from: text,
  from_user_id: text,
  group_id: text,
  timestamp: z.union([z.string(), z.number()]).nullish().catch(null),
  context: z.looseObject({ id: text }).nullish().catch(null),
})
const echo = z.looseObject({
  ...message.shape,
  to: text,
  to_user_id: text,
})
const status = z.looseObject({
  id: z.string().min(1).max(255),
  status: text,
  timestamp: z.union([z.string(), z.number()]).nullish().catch(null),
  biz_opaque_callback_data: text,
  errors: z
    .array(
      z.looseObject({
        // Some captures have it as text.
        code: z.union([z.number(), z.string().max(20)]),
        title: text,
        error_data: z.looseObject({ details: text }).nullish().catch(null),
      }),
    )
    .catch([]),
})

const RECEIPT_STATUSES = new Map<string, Receipt['status']>([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['played', 'read'],
  ['failed', 'failed'],
])

/** @throws UnreadableBody when it is not a WhatsApp webhook */
export function parseWebhook(body: Buffer): Update[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new UnreadableBody(`not JSON: ${(error as Error).message}`)
  }
  const whole = envelope.safeParse(parsed)
  if (!whole.success) throw new UnreadableBody('not a whatsapp_business_account webhook')

  const updates: Update[] = []
  whole.data.entry.forEach((item, entryIndex) => {
    const path = `entry[${entryIndex}]`
    const readable = entry.safeParse(item)
    if (!readable.success) {
      updates.push({ path, kind: 'invalid', reason: 'malformed_entry', detail: 'not an object' })
      return
    }
    readable.data.changes.forEach((part, changeIndex) => {
      updates.push(...parseChange(part, `${path}.changes[${changeIndex}]`))
    })
  })
  return updates
}

/** Fields whose value holds customers' messages in the usual places; `null` is seen in older captures. */
const MESSAGE_FIELDS = new Set<string | null | undefined>([
  'messages',
  'smb_message_echoes',
  null,
  undefined,
])

function parseChange(part: unknown, path: string): Update[] {
  const readable = change.safeParse(part)
  if (!readable.success) {
    return [{ path, kind: 'invalid', reason: 'malformed_change', detail: 'not an object' }]
  }
  const { field, value } = readable.data
  if (!MESSAGE_FIELDS.has(field)) return [{ path, kind: 'ignored', what: field ?? 'none' }]

  const items = {
    messages: list.parse(value['messages']),
    message_echoes: list.parse(value['message_echoes']),
    statuses: list.parse(value['statuses']),
  }
  if (Object.values(items).every((some) => some.length === 0)) {
    return [{ path, kind: 'ignored', what: `${field ?? 'none'} without messages` }]
  }
  const account = metadata.safeParse(value['metadata'])
  if (!account.success) {
    return [
      { path, kind: 'invalid', reason: 'no_phone_number_id', detail: 'metadata.phone_number_id' },
    ]
  }
  const accountExternalId = account.data.phone_number_id
  const contacts = list.parse(value['contacts']).flatMap((some) => {
    const known = contact.safeParse(some)
    return known.success ? [known.data] : []
  })

  const senders = new Set(
    [...items.messages, ...items.message_echoes].map((item) => {
      const { from, from_user_id, to, to_user_id } = participants.parse(item)
      return field === 'smb_message_echoes' ? `${to} ${to_user_id}` : `${from} ${from_user_id}`
    }),
  )
  const profiles = profilesOf(contacts, senders.size === 1)

  return [
    ...items.messages.map((item, index) =>
      guarded(`${path}.value.messages[${index}]`, (at) =>
        parseMessage(item, profiles, accountExternalId, at),
      ),
    ),
    ...items.message_echoes.map((item, index) =>
      guarded(`${path}.value.message_echoes[${index}]`, (at) =>
        parseEcho(item, profiles, accountExternalId, at),
      ),
    ),
    ...items.statuses.map((item, index) =>
      guarded(`${path}.value.statuses[${index}]`, (at) => parseStatus(item, at)),
    ),
  ]
}

const participants = z
  .looseObject({ from: text, from_user_id: text, to: text, to_user_id: text })
  .catch({ from: '', from_user_id: '', to: '', to_user_id: '' })

/** What cannot be read takes none of its neighbours along. */
function guarded(path: string, parse: (path: string) => Update): Update {
  try {
    return parse(path)
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error
    return { path, kind: 'invalid', reason: 'too_deep', detail: 'nested deeper than a message is' }
  }
}

type Contact = z.infer<typeof contact>

/** Found and not searched: one body may bring thousands of messages, and as many contacts. */
interface Profiles {
  byUserId: ReadonlyMap<string, Contact>
  byPhone: ReadonlyMap<string, Contact>
  /** The only one, where all messages beside it are of one sender. */
  only: Contact | undefined
}

function profilesOf(contacts: readonly Contact[], areOfOneSender: boolean): Profiles {
  // Of several for one id the first counts.
  const firsts = contacts.toReversed()
  return {
    byUserId: new Map(firsts.map((some) => [some.user_id, some])),
    byPhone: new Map(firsts.map((some) => [canonicalPhone(international(some.wa_id)), some])),
    only: areOfOneSender && contacts.length === 1 ? contacts[0] : undefined,
  }
}

function parseMessage(
  item: unknown,
  profiles: Profiles,
  accountExternalId: string,
  path: string,
): Update {
  const readable = message.safeParse(item)
  if (!readable.success) return invalid(path, 'malformed_message', readable.error)
  const {
    id,
    type,
    from,
    from_user_id: userId,
    group_id,
    timestamp,
    context,
    ...rest
  } = readable.data
  const sender = customerOf(from, userId, profiles)
  const common = {
    channel: 'whatsapp' as const,
    accountExternalId,
    channelMessageId: storable(id),
    sentAt: instantOf(timestamp),
    contentType: storable(type) || 'unknown',
    text: wordsOf(type, rest),
    isQuiet: isQuietMessage(type, rest),
    quotedChannelMessageId: storable(context?.id ?? '') || null,
    aboutChannelMessageId: aboutOf(type, rest),
  }
  const content = { ...rest, ...(context ? { context } : {}) }
  if (group_id !== '') {
    // A group's words are the group's, and so are the answers to them.
    const group: Identity = { kind: 'group', externalId: storable(group_id).slice(0, 255) }
    return {
      path,
      kind: 'message',
      message: {
        ...common,
        customer: { identities: [group], name: null },
        content: storable({
          ...content,
          participant: { from, user_id: userId, name: sender?.name },
        }),
      },
    }
  }
  const change = changeOf(type, rest, from)
  const customer = sender ?? (change === null ? null : referenceTo(change))
  if (customer === null) {
    return { path, kind: 'invalid', reason: 'no_sender', detail: 'neither from nor from_user_id' }
  }
  const readMessage = { ...common, customer, content: storable(content) }
  return change === null
    ? { path, kind: 'message', message: readMessage }
    : { path, kind: 'identity_change', change: { ...change, message: readMessage } }
}

function parseEcho(
  item: unknown,
  profiles: Profiles,
  accountExternalId: string,
  path: string,
): Update {
  const readable = echo.safeParse(item)
  if (!readable.success) return invalid(path, 'malformed_echo', readable.error)
  const {
    id,
    type,
    to,
    to_user_id: userId,
    timestamp,
    context,
    from: _from,
    from_user_id: _id,
    group_id,
    ...rest
  } = readable.data
  const customer: CustomerReference | null =
    group_id === ''
      ? customerOf(to, userId, profiles)
      : {
          identities: [{ kind: 'group', externalId: storable(group_id).slice(0, 255) }],
          name: null,
        }
  if (customer === null) {
    return { path, kind: 'invalid', reason: 'no_recipient', detail: 'neither to nor to_user_id' }
  }
  return {
    path,
    kind: 'echo',
    echo: {
      channel: 'whatsapp',
      accountExternalId,
      channelMessageId: storable(id),
      customer,
      sentAt: instantOf(timestamp),
      contentType: storable(type) || 'unknown',
      text: wordsOf(type, rest),
      content: storable({ ...rest, ...(context ? { context } : {}) }),
      isQuiet: isQuietMessage(type, rest),
      quotedChannelMessageId: storable(context?.id ?? '') || null,
      aboutChannelMessageId: aboutOf(type, rest),
    },
  }
}

const speaksOf = z.looseObject({
  reaction: z.looseObject({ message_id: text }).optional().catch(undefined),
  edit: z.looseObject({ original_message_id: text }).optional().catch(undefined),
  revoke: z.looseObject({ original_message_id: text }).optional().catch(undefined),
})

function aboutOf(
  type: string,
  rest: Record<string, unknown>,
): ChannelMessage['aboutChannelMessageId'] {
  if (!isQuietMessage(type, {})) return null
  const { reaction, edit, revoke } = speaksOf.parse(rest)
  const about =
    reaction?.message_id || edit?.original_message_id || revoke?.original_message_id || ''
  return storable(about) || null
}

const systemPart = z.looseObject({
  type: text,
  body: text,
  wa_id: text,
  new_wa_id: text,
  user_id: text,
  previous_user_id: text,
})

interface Change {
  before: Identity[]
  after: Identity[]
}

/** A customer has another number, or another id of Meta's, than before. */
function changeOf(type: string, rest: Record<string, unknown>, from: string): Change | null {
  if (type !== 'system') return null
  const known = systemPart.safeParse(rest['system'])
  if (!known.success || !/^user_changed_(number|user_id)$/.test(known.data.type)) return null
  const { body, wa_id, new_wa_id, user_id, previous_user_id } = known.data
  const phones = (phone: string): Identity[] =>
    phone === '' ? [] : [asIdentity(international(storable(phone).slice(0, 254)))]
  const userIds = (id: string): Identity[] =>
    id === '' ? [] : [asIdentity(storable(id).slice(0, 255))]
  return {
    before: [...userIds(previous_user_id || previousIn(body, user_id)), ...phones(from)],
    after: [...userIds(user_id), ...phones(wa_id || new_wa_id)],
  }
}

/**
 * Before August 2026 Meta told the former id in its sentence only. The end of it counts: what comes before is the
 * person's name, which may say anything.
 */
function previousIn(body: string, userId: string): string {
  const [, before, after] = /^.*changed from (\S+) to (\S+)$/s.exec(body) ?? []
  return userId !== '' && after === userId ? (before ?? '') : ''
}

function referenceTo({ before, after }: Change): CustomerReference | null {
  const [first, ...others] = [...before, ...after]
  return first === undefined ? null : { identities: [first, ...others], name: null }
}

function parseStatus(item: unknown, path: string): Update {
  const readable = status.safeParse(item)
  if (!readable.success) return invalid(path, 'malformed_status', readable.error)
  const { id, status: value, timestamp, biz_opaque_callback_data: opaque, errors } = readable.data
  const known = RECEIPT_STATUSES.get(value)
  if (known === undefined) return { path, kind: 'ignored', what: `status ${value}` }
  const failure = errors[0]
  return {
    path,
    kind: 'receipt',
    receipt: {
      channelMessageId: storable(id),
      attemptId: z.guid().safeParse(opaque).success ? opaque.toLowerCase() : null,
      status: known,
      occurredAt: instantOf(timestamp),
      failedReason: failure
        ? storable(`${failure.code}: ${failure.error_data?.details || failure.title}`)
        : null,
    },
  }
}

/**
 * Business-scoped user id first: it stays when the phone number is hidden. Phone numbers are kept in international
 * form with a plus sign, as `customers.external_id` says. A contact is the sender's by user id, or by number; the only
 * contact beside the only sender is theirs unless it names another number.
 */
function customerOf(
  phone: string,
  userId: string,
  { byUserId, byPhone, only }: Profiles,
): CustomerReference | null {
  const profile =
    (userId === '' ? undefined : byUserId.get(userId)) ??
    (phone === '' ? undefined : byPhone.get(canonicalPhone(international(phone)))) ??
    (only !== undefined && !contradicts(only, phone, userId) ? only : undefined)
  const identities = [
    userId || profile?.user_id || '',
    international(phone || profile?.wa_id || ''),
  ]
    .map((externalId) => storable(externalId).slice(0, 255))
    .filter((externalId, index, all) => externalId !== '' && all.indexOf(externalId) === index)
    .map(asIdentity)
  const [first, ...others] = identities.filter(
    ({ kind }, index, all) => all.findIndex((other) => other.kind === kind) === index,
  )
  if (first === undefined) return null
  return {
    identities: [first, ...others],
    name:
      storable(profile?.profile.name ?? '')
        .slice(0, 255)
        .toWellFormed() || null,
  }
}

/** Where a number is expected another id of the channel may come; it is an id all the same. */
function asIdentity(externalId: string): Identity {
  return { kind: externalId.startsWith('+') ? 'phone' : 'user_id', externalId }
}

function contradicts(some: Contact, phone: string, userId: string): boolean {
  const isOtherPhone = phone !== '' && some.wa_id !== '' && !isSamePhone(some.wa_id, phone)
  return isOtherPhone || (userId !== '' && some.user_id !== '' && some.user_id !== userId)
}

function isSamePhone(one: string, other: string): boolean {
  return canonicalPhone(international(one)) === canonicalPhone(international(other))
}

/** `wa_id` is the number's digits. Whatever else comes there is an id all the same, and is kept as it is. */
function international(phone: string): string {
  return /^\+?\d+$/.test(phone) ? `+${phone.replace('+', '')}` : phone
}

function instantOf(timestamp: string | number | null | undefined): Date | null {
  const seconds =
    typeof timestamp === 'string' && /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : timestamp
  return typeof seconds === 'number' ? plausibleInstant(seconds * 1000) : null
}

/** What a person would read aloud of it: the body, the caption, the button's title. */
function wordsOf(type: string, rest: Record<string, unknown>): string | null {
  const part = object.safeParse(rest[type])
  if (!part.success) return null
  const { body, caption, text: label, emoji, name, title } = part.data
  const reply = object.safeParse(part.data['button_reply'] ?? part.data['list_reply'])
  const candidates =
    type === 'text'
      ? [body]
      : [caption, label, emoji, reply.success ? reply.data['title'] : undefined, title, name, body]
  const words = candidates.find((some) => typeof some === 'string' && some !== '')
  return typeof words === 'string' ? storable(words) : null
}

function invalid(path: string, reason: string, error: z.ZodError): Update {
  const detail = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  return { path, kind: 'invalid', reason, detail }
}
