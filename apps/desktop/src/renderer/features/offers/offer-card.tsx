import { type KeyboardEvent } from 'react'

import { isPressOf } from '../../app/keys.ts'
import { type Words } from '../../bridge/error-words.ts'
import { useDirectory, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Pill } from '../../ui/pill.tsx'
import { PriorityGlyph } from '../../ui/priority-glyph.tsx'
import { Refused } from '../../ui/refused.tsx'
import text from '../../ui/text.module.css'
import { contentWords } from '../../ui/content-words.ts'
import styles from './offer-card.module.css'
import { SecondsLeft, TimeBar } from './offer-countdown.tsx'
import { offerReason } from './offer-words.ts'
import { type ShownOffer } from './shown-offers.ts'

interface OfferCardProps {
  shown: ShownOffer
  /** The server is being asked. */
  isBusy: boolean
  /** Why it could not be done. */
  failed: Words | undefined
  onAccept: () => void
  onRefuse: () => void
}

/** A conversation that this person is asked to take. Its keys act only while it has the focus. */
export function OfferCard({ shown, isBusy, failed, onAccept, onRefuse }: OfferCardProps) {
  const t = useTranslate()
  const me = useMe()
  const { teams } = useDirectory()
  const { offer, over } = shown
  const isOpen = over === null && !isBusy
  // Not disabled meanwhile: that would take the focus from whoever pressed it.
  const ifOpen = (run: () => void) => () => {
    if (isOpen) run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const run = isPressOf('offer.accept', event)
      ? onAccept
      : isPressOf('offer.refuse', event)
        ? onRefuse
        : null
    if (run === null) return
    event.preventDefault()
    ifOpen(run)()
  }
  const reason = offerReason(offer, me.id, t)
  return (
    <section
      className={classNames(styles.card, over !== null && styles.over)}
      role="group"
      aria-label={t('offer.label', { name: offer.title })}
      tabIndex={-1}
      data-offer-id={offer.id}
      data-offer-state={over?.because ?? (isBusy ? 'busy' : 'open')}
      onKeyDown={onKeyDown}
    >
      <div className={text.line}>
        <ChannelGlyph channel={offer.channel} />
        <strong className={classNames(styles.name, text.cut)}>{offer.title}</strong>
        <Pill>{teams.get(offer.teamId)?.name ?? ''}</Pill>
        <PriorityGlyph priority={offer.priority} />
        <span className={text.grow} />
        {over === null && <SecondsLeft offer={offer} />}
      </div>
      <p className={classNames(text.twoLines, styles.preview)}>
        {offer.preview.text || t(contentWords(offer.preview.contentType).name)}
      </p>
      {reason && <p className={classNames(styles.reason, text.cut)}>{reason}</p>}
      {over === null ? <TimeBar offer={offer} /> : <span className={styles.noBar} />}
      {failed && <Refused words={failed} className={styles.failed} />}
      <div className={styles.actions} hidden={over !== null}>
        <Button look="primary" keysOf="offer.accept" onClick={ifOpen(onAccept)}>
          {t('offer.accept')}
        </Button>
        <Button look="line" keysOf="offer.refuse" onClick={ifOpen(onRefuse)}>
          {t('offer.refuse')}
        </Button>
      </div>
      {over !== null && !failed && (
        <p className={styles.end} role="status">
          {t(`offer.${over.because}`)}
        </p>
      )}
    </section>
  )
}
