import type { PersonView } from '@parley/contracts'
import { AWAY_REASONS, type AwayReason } from '@parley/domain'

import { type Translate } from '../../i18n/translate.ts'
import { type ShownPresence } from '../../ui/presence-glyph.tsx'

type Presence = Pick<PersonView['presence'], 'status' | 'reason' | 'isFinishing'>

const isAwayReason = (reason: string | null): reason is AwayReason =>
  reason !== null && (AWAY_REASONS as readonly string[]).includes(reason)

/** En línea; Ausente, comida; Terminando turno; Ausente, comida, terminando turno. */
export function presenceWords(presence: Presence, t: Translate): string {
  const words = statusWords(presence, t)
  if (!presence.isFinishing || presence.status === 'offline') return words
  return presence.status === 'online'
    ? t('presence.finishing')
    : t('presence.andFinishing', { presence: words })
}

function statusWords({ status, reason }: Presence, t: Translate): string {
  const words = t(`presence.${status}`)
  return status === 'away' && isAwayReason(reason) ? `${words}, ${t(`away.${reason}`)}` : words
}

/** Whoever is there and takes nothing new has a shape of their own. */
export function shownPresence({ status, isFinishing }: Presence): ShownPresence {
  return status === 'online' && isFinishing ? 'finishing' : status
}
