import { useEffect, useEffectEvent, useRef, useState } from 'react'

import { useCommand } from '../../app/commands.ts'
import { noteOwnMove } from '../../app/own-moves.ts'
import { useMediaQuery } from '../../app/use-media-query.ts'
import { useViewState } from '../../app/view-state.ts'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { type Words } from '../../bridge/error-words.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Announcement } from '../../ui/announcement.tsx'
import { OfferCard } from './offer-card.tsx'
import styles from './offer-card.module.css'
import { type Answer } from './shown-offers.ts'
import { offerAnnounced, offerFailure } from './offer-words.ts'
import { useShownOffers } from './use-shown-offers.ts'

const MOST_SHOWN = 2

/** Offers to this person, over the foot of the list. They come and go without taking the focus or moving anything. */
export function Offers() {
  const t = useTranslate()
  const { shown, answered } = useShownOffers()
  const { accept, refuse, busy, failed } = useAnswer(answered)
  const { teams } = useDirectory()
  const focus = (offerId: string | undefined) =>
    document.querySelector<HTMLElement>(`[data-offer-id="${offerId ?? ''}"]`)?.focus()
  const open = shown.filter(({ over }) => over === null)
  const newest = open.at(-1)?.offer
  useCommand('offer.focus', open.length > 0 ? () => focus(open[0]?.offer.id) : null)
  useFocusFromOutside(
    open.map(({ offer }) => offer.id),
    focus,
  )
  // In a low window two would be all of the list.
  const most = useMediaQuery('(max-height: 640px)') ? 1 : MOST_SHOWN
  const visible = shown.slice(0, most)
  return (
    <>
      <Announcement
        of={newest ? { id: newest.id, words: offerAnnounced(newest, teams, t) } : null}
      />
      <aside
        className={styles.stack}
        data-offers={open.length}
        data-focus-group
        aria-label={t('offer.region')}
        hidden={shown.length === 0}
      >
        {visible.map((one) => (
          <OfferCard
            key={one.offer.id}
            shown={one}
            isBusy={busy === one.offer.id}
            failed={failed.get(one.offer.id)}
            onAccept={() => void accept(one.offer.id)}
            onRefuse={() => void refuse(one.offer.id)}
          />
        ))}
        {shown.length > most && (
          <p className={styles.more}>{t('offer.more', { count: shown.length - most })}</p>
        )}
      </aside>
    </>
  )
}

/** A clicked notification: the card it told of, or the first one that is still there. One that is not drawn yet waits. */
function useFocusFromOutside(open: readonly string[], focus: (offerId: string) => void): void {
  const { client } = useConnected()
  const awaited = useRef<string | null>(null)
  const show = useEffectEvent((offerId: string) => {
    awaited.current = open.includes(offerId) ? null : offerId
    const [first] = open
    if (first !== undefined) focus(awaited.current === null ? offerId : first)
  })
  const drawn = useEffectEvent((offerId: string) => {
    if (awaited.current === offerId) show(offerId)
  })
  useEffect(() => client.on('openOffer', ({ offerId }) => show(offerId)), [client])
  const newest = open.at(-1)
  useEffect(() => {
    if (newest !== undefined) drawn(newest)
  }, [newest])
}

function useAnswer(answered: (offerId: string, answer: Answer) => void) {
  const t = useTranslate()
  const { client } = useConnected()
  const { people } = useDirectory()
  const openConversation = useViewState((state) => state.openConversation)
  const [busy, setBusy] = useState<string | null>(null)
  const [failed, setFailed] = useState<ReadonlyMap<string, Words>>(new Map())

  const answer = async (method: 'offers.accept' | 'offers.refuse', offerId: string) => {
    setBusy(offerId)
    const result = await client.ask(method, { offerId })
    setBusy(null)
    if (!result.ok) {
      setFailed((before) => new Map(before).set(offerId, offerFailure(result.error, t, people)))
      return null
    }
    answered(offerId, method === 'offers.accept' ? 'accepted' : 'refused')
    noteOwnMove()
    return result.value
  }
  return {
    busy,
    failed,
    accept: async (offerId: string) => {
      const taken = await answer('offers.accept', offerId)
      if (taken !== null) openConversation(taken.conversationId)
    },
    refuse: (offerId: string) => answer('offers.refuse', offerId),
  }
}
