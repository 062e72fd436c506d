import { Hourglass } from 'lucide-react'
import { useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useConnection, useSession } from '../../bridge/views.ts'
import { when } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { sessionEndAt } from './session-end.ts'
import styles from './session.module.css'

/**
 * The session will end however much it is used: said an hour before, and again in its last ten minutes, so that nobody is
 * locked out in mid-sentence. Whoever signs in again now loses nothing of what they have not sent.
 */
export function SessionEndStrip() {
  const t = useTranslate()
  const { session: live } = useConnected()
  const { ask, isBusy } = useAsking()
  const session = useSession()
  const isOnline = useConnection()?.state === 'online'
  const now = useNow('minute')
  const [dismissed, setDismissed] = useState<string | null>(null)
  const endsAt = session?.state === 'signed_in' ? session.endsAt : null
  if (endsAt === null) return null
  const end = sessionEndAt(Date.parse(endsAt), now)
  const saying = `${end} ${endsAt}`
  if (end === null || dismissed === saying) return null
  const lock = async () => {
    const result = await ask('session.lock', undefined)
    if (result.ok) live.set(result.value)
  }
  return (
    <section className={styles.strip} role="status" data-session-end={end}>
      <Icon of={Hourglass} />
      <p className={classNames(text.grow, text.cut)}>
        <strong>{t('sessionEnd.title', { at: when(Date.parse(endsAt), t) })}</strong>{' '}
        {t('sessionEnd.words')}
      </p>
      <Button look="line" size="small" disabled={isBusy || !isOnline} onClick={() => void lock()}>
        {t('sessionEnd.now')}
      </Button>
      <Button look="line" size="small" onClick={() => setDismissed(saying)}>
        {t('sessionEnd.later')}
      </Button>
    </section>
  )
}
