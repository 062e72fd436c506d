import { createHash } from 'node:crypto'

/** Webhook bodies as Meta makes them, for one business number. */

export interface BusinessNumber {
  phoneNumberId: string
  displayPhoneNumber: string
}

export interface SimulatedContact {
  /** Digits only, as `wa_id` and `from` carry them. */
  phone: string
  name: string
}

export interface SimulatedMessage {
  id: string
  from: SimulatedContact
  /** When the customer's phone sent it. */
  sentAt: Date
  /** The words; with media the caption, '' for none. */
  text: string
  /** Something other than text. */
  media?: 'image' | 'voice' | undefined
}

export type ReceiptStatus = 'sent' | 'delivered' | 'read' | 'failed'

export interface SimulatedReceipt {
  messageId: string
  status: ReceiptStatus
  recipient: string
  occurredAt: Date
  callbackData?: string | undefined
  error?: { code: number; title: string } | undefined
}

const seconds = (instant: Date): string => String(Math.floor(instant.getTime() / 1000))

export function messageBody(
  business: BusinessNumber,
  messages: readonly SimulatedMessage[],
): object {
  const contacts = new Map(messages.map(({ from }) => [from.phone, from]))
  return whatsAppBody(business, {
    contacts: [...contacts.values()].map(({ phone, name }) => ({
      profile: { name },
      wa_id: phone,
    })),
    messages: messages.map((message) => ({
      from: message.from.phone,
      id: message.id,
      timestamp: seconds(message.sentAt),
      ...contentOf(message),
    })),
  })
}

function contentOf({ id, text, media }: SimulatedMessage): object {
  if (media === undefined) return { type: 'text', text: { body: text } }
  const sha256 = createHash('sha256').update(id).digest('base64')
  const mediaId = BigInt(
    `0x${createHash('sha256').update(id).digest('hex').slice(0, 12)}`,
  ).toString()
  if (media === 'voice') {
    return {
      type: 'audio',
      audio: { mime_type: 'audio/ogg; codecs=opus', sha256, id: mediaId, voice: true },
    }
  }
  const caption = text === '' ? {} : { caption: text }
  return { type: 'image', image: { ...caption, mime_type: 'image/jpeg', sha256, id: mediaId } }
}

export function receiptBody(
  business: BusinessNumber,
  receipts: readonly SimulatedReceipt[],
): object {
  return whatsAppBody(business, {
    statuses: receipts.map((receipt) => ({
      id: receipt.messageId,
      status: receipt.status,
      timestamp: seconds(receipt.occurredAt),
      recipient_id: receipt.recipient.replace(/^\+/, ''),
      ...(receipt.callbackData === undefined
        ? {}
        : { biz_opaque_callback_data: receipt.callbackData }),
      ...(receipt.error === undefined
        ? {}
        : {
            errors: [
              {
                ...receipt.error,
                message: receipt.error.title,
                error_data: { details: receipt.error.title },
              },
            ],
          }),
    })),
  })
}

/** What Meta wraps around anything that it has to say of a number's messages. */
export function whatsAppBody(business: BusinessNumber, content: object): object {
  return {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '102290129340398',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: {
                display_phone_number: business.displayPhoneNumber,
                phone_number_id: business.phoneNumberId,
              },
              ...content,
            },
          },
        ],
      },
    ],
  }
}

let counter = 0

/** An id of WhatsApp's shape; unique over processes. */
export function newWamid(): string {
  const unique = `${process.pid}:${Date.now()}:${counter++}:${Math.random()}`
  return `wamid.${Buffer.from(unique).toString('base64')}`
}
