import { useSession } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { notify } from '../../ui/notice-state.ts'
import { useInvitation } from './use-invitation.ts'

/** Who is signed in is told what to do with an invitation: it is for whoever is not. */
export function InvitationRefused() {
  const t = useTranslate()
  const session = useSession()
  const email = session?.state === 'signed_in' ? session.email : ''
  useInvitation(() =>
    notify('window', { title: t('join.signedIn', { email }), detail: t('join.signedInWords') }),
  )
  return null
}
