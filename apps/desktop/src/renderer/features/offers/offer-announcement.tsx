import type { OfferView } from '@parley/contracts'
import { useState } from 'react'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'

/** Tells a screen reader of a new offer, once, with the way to it; what counts down is not told again. */
export function OfferAnnouncement({ newest }: { newest: OfferView | null }) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const [told, setTold] = useState<{ id: string; words: string } | null>(null)
  if (newest !== null && newest.id !== told?.id) {
    const seconds = Math.round((Date.parse(newest.expiresAt) - Date.parse(newest.offeredAt)) / 1000)
    const team = teams.get(newest.teamId)?.name ?? ''
    setTold({
      id: newest.id,
      words: t('offer.announced', { name: newest.title, team, seconds }),
    })
  }
  return (
    <OnlyRead>
      <span aria-live="assertive">{newest === null ? '' : told?.words}</span>
    </OnlyRead>
  )
}
