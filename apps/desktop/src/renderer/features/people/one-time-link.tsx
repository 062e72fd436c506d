import type { LinkOutput } from '@parley/contracts'

import { useSession } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { ShownOnce } from './shown-once.tsx'

/** To be handed over to the person whom it lets in. */
export function OneTimeLink({ link: { token, expiresAt } }: { link: LinkOutput }) {
  const t = useTranslate()
  const session = useSession()
  const timeOrDate = useTimeOrDate()
  const server = session?.state === 'signed_in' ? session.serverUrl : ''
  return (
    <ShownOnce
      label={t('people.link')}
      value={`${server}/join#${token}`}
      words={t('people.linkWords')}
      until={t('people.linkUntil', { at: timeOrDate(expiresAt) })}
    />
  )
}
