import {
  Bot,
  Contact,
  File,
  Image,
  ListChecks,
  type LucideIcon,
  MapPin,
  MessageCircleQuestionMark,
  MessageSquareText,
  Mic,
  ShoppingBag,
  SmilePlus,
  Sticker,
  Video,
} from 'lucide-react'

import { type MessageId } from '../i18n/translate.ts'

interface ContentWords {
  name: MessageId
  icon: LucideIcon
}

/** What the channels send beside text. `text` itself needs no name. */
const CONTENT: Record<string, ContentWords> = {
  image: { name: 'content.image', icon: Image },
  audio: { name: 'content.audio', icon: Mic },
  voice: { name: 'content.audio', icon: Mic },
  video: { name: 'content.video', icon: Video },
  document: { name: 'content.document', icon: File },
  file: { name: 'content.document', icon: File },
  sticker: { name: 'content.sticker', icon: Sticker },
  location: { name: 'content.location', icon: MapPin },
  contacts: { name: 'content.contacts', icon: Contact },
  interactive: { name: 'content.interactive', icon: ListChecks },
  button: { name: 'content.button', icon: ListChecks },
  order: { name: 'content.order', icon: ShoppingBag },
  reaction: { name: 'content.reaction', icon: SmilePlus },
  template: { name: 'content.template', icon: MessageSquareText },
  system: { name: 'content.system', icon: Bot },
  unsupported: { name: 'content.unsupported', icon: MessageCircleQuestionMark },
}
const UNKNOWN: ContentWords = { name: 'content.unknown', icon: MessageCircleQuestionMark }

export function contentWords(contentType: string): ContentWords {
  return CONTENT[contentType] ?? UNKNOWN
}
