import type { OfferView } from '@parley/contracts'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { useNow } from '../../ui/use-now.ts'
import styles from './offer-card.module.css'

/** What is left, in seconds. Not announced as it goes: the card said it when it came. */
export function SecondsLeft({ offer }: { offer: OfferView }) {
  const t = useTranslate()
  const seconds = Math.ceil(leftMs(offer, useNow('second')) / 1000)
  return (
    <span className={styles.seconds} role="timer" aria-live="off">
      {t('offer.seconds', { seconds })}
    </span>
  )
}

/** The same as a bar that runs out. */
export function TimeBar({ offer }: { offer: OfferView }) {
  const whole = Math.max(1, Date.parse(offer.expiresAt) - Date.parse(offer.offeredAt))
  const left = leftMs(offer, useNow('second'))
  return (
    <span className={styles.bar} aria-hidden="true">
      <span className={styles.left} style={{ transform: `scaleX(${Math.min(1, left / whole)})` }} />
    </span>
  )
}

const leftMs = (offer: OfferView, now: number) => Math.max(0, Date.parse(offer.expiresAt) - now)
