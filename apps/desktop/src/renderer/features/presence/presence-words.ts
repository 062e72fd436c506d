import type { PersonView } from '@parley/contracts'
import { AWAY_REASONS, type AwayReason } from '@parley/domain'

import { type Translate } from '../../i18n/translate.ts'

const isAwayReason = (reason: string | null): reason is AwayReason =>
  reason !== null && (AWAY_REASONS as readonly string[]).includes(reason)

/** En línea; Ausente, comida. */
export function presenceWords(presence: PersonView['presence'], t: Translate): string {
  const status = t(`presence.${presence.status}`)
  return presence.status === 'away' && isAwayReason(presence.reason)
    ? `${status}, ${t(`away.${presence.reason}`)}`
    : status
}
