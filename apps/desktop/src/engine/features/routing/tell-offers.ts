import { type OfferRow } from '@parley/contracts'
import { type Priority } from '@parley/domain'

import { type Listener, type ListeningPost } from '../../feature.ts'
import { teamNameOf } from '../accounts/index.ts'
import { conversationOf } from '../conversations/index.ts'
import { customerNameIn } from '../customers/index.ts'
import { offerOver, offered } from './kept-offers.ts'

declare module '../../notices.ts' {
  interface Notices {
    offer: {
      offerId: string
      customerName: string
      teamName: string
      priority: Priority
      /** How long it still stands. */
      expiresInMs: number
    }
    offer_over: { offerId: string }
  }
}

export function tellOffers({ cache, notice, serverNowMs }: ListeningPost): Listener {
  const tell = ({ id, conversationId, teamId, expiresAt }: OfferRow): void => {
    const expiresInMs = Date.parse(expiresAt) - serverNowMs()
    const conversation = conversationOf(cache, conversationId)
    if (expiresInMs <= 0 || conversation === null) return
    notice({
      kind: 'offer',
      offerId: id,
      customerName: customerNameIn(cache, conversationId),
      teamName: teamNameOf(cache, teamId),
      priority: conversation.priority,
      expiresInMs,
    })
  }
  return {
    applied({ news }) {
      for (const offer of news.of(offered)) tell(offer)
      for (const offerId of news.of(offerOver)) notice({ kind: 'offer_over', offerId })
    },
  }
}
