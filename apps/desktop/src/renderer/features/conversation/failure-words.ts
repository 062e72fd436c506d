import type { SendFailureReason } from '@parley/domain'

import { type MessageId, type Translate } from '../../i18n/translate.ts'

const REASONS = {
  channel_not_authorised: 'failure.channel_not_authorised',
  not_permitted: 'failure.not_permitted',
  window_closed: 'failure.window_closed',
  undeliverable: 'failure.undeliverable',
  opted_out: 'failure.opted_out',
  limited_by_channel: 'failure.limited_by_channel',
  template_rejected: 'failure.template_rejected',
  media_rejected: 'failure.media_rejected',
  rejected: 'failure.rejected',
} as const satisfies Record<SendFailureReason, MessageId>

/** Why it was not sent: our own reason in words, else the channel's own. */
export function failureWords(reason: string | null, t: Translate): string {
  if (reason === null) return t('failure.unknown')
  if (reason in REASONS) return t(REASONS[reason as SendFailureReason])
  return t('failure.channelSays', { reason })
}
