import { SLA_CLOCKS } from '@parley/domain'
import { OctagonAlert } from 'lucide-react'

import { duration } from '../../i18n/moments.ts'
import { type EventWords } from '../conversation/index.ts'

/** A promise was not kept: which, and what it was. */
export const breachEvent: EventWords = {
  icon: OctagonAlert,
  sentence: ({ event: { metadata }, t }) => {
    const known = SLA_CLOCKS.find((clock) => clock === metadata['clock'])
    const clock = known ? t(`clockName.${known}`) : t('clock.some')
    const seconds = Number(metadata['target_seconds'])
    return Number.isFinite(seconds)
      ? { id: 'event.breachedTarget', values: { clock, target: duration(seconds * 1000) } }
      : { id: 'event.breached', values: { clock } }
  },
}
