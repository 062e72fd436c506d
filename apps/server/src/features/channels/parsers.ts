import { type Channel } from '@parley/domain'

import { parseEvents } from './chat-app/chat-app.adapter.ts'
import { type Update } from './updates.ts'
import { parseWebhook } from './whatsapp/parse-webhook.ts'

/** How each channel's bodies are read: it needs no settings, tokens or secrets. */
export const PARSERS: Readonly<Record<Channel, (body: Buffer) => Update[]>> = {
  whatsapp: parseWebhook,
  chat_app: parseEvents,
}
