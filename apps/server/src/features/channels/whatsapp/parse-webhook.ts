import { z } from 'zod'

import { withoutNul } from '../text.ts'
import { UnreadableBody, type CustomerReference, type Receipt, type Update } from '../updates.ts'

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
        code: z.number(),
        title: text,
        error_data: z.looseObject({ details: text }).nullish().catch(null),
      }),
    )
    .catch([]),
})

/** They never open or reopen a conversation, nor start a clock. */
const QUIET_TYPES = new Set(['reaction', 'system', 'edit', 'revoke', 'request_welcome'])

const RECEIPT_STATUSES: Record<string, Receipt['status']> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
}

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

  return [
    ...items.messages.map((item, index) =>
      parseMessage(item, contacts, accountExternalId, `${path}.value.messages[${index}]`),
    ),
    ...items.message_echoes.map((item, index) =>
      parseEcho(item, contacts, accountExternalId, `${path}.value.message_echoes[${index}]`),
    ),
    ...items.statuses.map((item, index) => parseStatus(item, `${path}.value.statuses[${index}]`)),
  ]
}

type Contact = z.infer<typeof contact>

function parseMessage(
  item: unknown,
  contacts: Contact[],
  accountExternalId: string,
  path: string,
): Update {
  const readable = message.safeParse(item)
  if (!readable.success) return invalid(path, 'malformed_message', readable.error)
  const { id, type, from, from_user_id: userId, timestamp, context, ...rest } = readable.data
  const customer = customerOf(from, userId, contacts)
  if (customer === null) {
    return { path, kind: 'invalid', reason: 'no_sender', detail: 'neither from nor from_user_id' }
  }
  return {
    path,
    kind: 'message',
    message: {
      channel: 'whatsapp',
      accountExternalId,
      channelMessageId: withoutNul(id),
      customer,
      sentAt: instantOf(timestamp),
      contentType: type,
      text: wordsOf(type, rest),
      content: withoutNul({ ...rest, ...(context ? { context } : {}) }),
      isQuiet: QUIET_TYPES.has(type),
      quotedChannelMessageId: context?.id || null,
    },
  }
}

function parseEcho(
  item: unknown,
  contacts: Contact[],
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
    from: _from,
    from_user_id: _id,
    ...rest
  } = readable.data
  const customer = customerOf(to, userId, contacts)
  if (customer === null) {
    return { path, kind: 'invalid', reason: 'no_recipient', detail: 'neither to nor to_user_id' }
  }
  return {
    path,
    kind: 'echo',
    echo: {
      channel: 'whatsapp',
      accountExternalId,
      channelMessageId: withoutNul(id),
      customer,
      sentAt: instantOf(timestamp),
      contentType: type,
      text: wordsOf(type, rest),
      content: withoutNul(rest),
    },
  }
}

function parseStatus(item: unknown, path: string): Update {
  const readable = status.safeParse(item)
  if (!readable.success) return invalid(path, 'malformed_status', readable.error)
  const { id, status: value, timestamp, biz_opaque_callback_data: opaque, errors } = readable.data
  const known = RECEIPT_STATUSES[value]
  if (known === undefined) return { path, kind: 'ignored', what: `status ${value}` }
  const failure = errors[0]
  return {
    path,
    kind: 'receipt',
    receipt: {
      channelMessageId: withoutNul(id),
      attemptId: z.guid().safeParse(opaque).success ? opaque.toLowerCase() : null,
      status: known,
      occurredAt: instantOf(timestamp),
      failedReason: failure
        ? withoutNul(`${failure.code}: ${failure.error_data?.details || failure.title}`)
        : null,
    },
  }
}

/**
 * Business-scoped user id first: it stays when the phone number is hidden. Phone numbers are kept in
 * international form with a plus sign, as `customers.external_id` says.
 */
function customerOf(phone: string, userId: string, contacts: Contact[]): CustomerReference | null {
  const profile =
    contacts.find((some) => userId !== '' && some.user_id === userId) ??
    contacts.find((some) => phone !== '' && some.wa_id === phone) ??
    (contacts.length === 1 ? contacts[0] : undefined)
  const identities = [
    userId || profile?.user_id || '',
    international(phone || profile?.wa_id || ''),
  ]
    .map((identity) => withoutNul(identity).slice(0, 255))
    .filter((identity) => identity !== '')
  const [first, ...others] = identities
  if (first === undefined) return null
  return {
    identities: [first, ...others],
    name: withoutNul(profile?.profile.name ?? '').slice(0, 255) || null,
  }
}

/** `wa_id` is the number's digits. Whatever else comes there is an id all the same, and is kept as it is. */
function international(phone: string): string {
  return /^\+?\d+$/.test(phone) ? `+${phone.replace('+', '')}` : phone
}

const SECONDS_OF_YEAR_2100 = 4_102_444_800

function instantOf(timestamp: string | number | null | undefined): Date | null {
  const seconds =
    typeof timestamp === 'string' && /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : timestamp
  if (typeof seconds !== 'number' || seconds <= 0 || seconds > SECONDS_OF_YEAR_2100) return null
  return new Date(seconds * 1000)
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
  return typeof words === 'string' ? withoutNul(words) : null
}

function invalid(path: string, reason: string, error: z.ZodError): Update {
  const detail = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  return { path, kind: 'invalid', reason, detail }
}
