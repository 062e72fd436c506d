import { Monitor } from 'lucide-react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { Refused } from '../../ui/refused.tsx'
import { TwoLines } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import styles from './people.module.css'

const SHOWN = 200

/** Where somebody is signed in, the longest unheard first; each can be signed out from here. */
export function SessionList({ userId, onEnded }: { userId: string | null; onEnded?: () => void }) {
  const t = useTranslate()
  const { people } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const timeOrDate = useTimeOrDate()
  const read = useServerRead('sessions.find', { userId, page: null, limit: SHOWN })
  const { ask, isBusy, error } = useAsking()
  const wordsOf = useErrorWords()
  const end = async (sessionId: string) => {
    await ask('sessions.end', { sessionId })
    void read.readAgain()
    onEnded?.()
  }
  return (
    <WhenRead read={read} failed={t('people.sessionsFailed')}>
      {({ sessions, count }) => (
        <>
          {error && <Refused words={wordsOf(error)} />}
          <ul className={styles.sessions}>
            {sessions.map((session) => (
              <li key={session.id} className={styles.session} data-session={session.id}>
                <Icon of={Monitor} size={14} />
                <TwoLines>
                  <span className={text.cut}>
                    {userId === null && (
                      <strong>{people.get(session.userId)?.fullName ?? '…'} </strong>
                    )}
                    {session.deviceName}
                  </span>
                  <span className={classNames(text.meta, text.cut)}>
                    {t('people.heard', {
                      at: timeOrDate(session.lastUsedAt),
                      address: session.address ?? '–',
                    })}
                  </span>
                </TwoLines>
                <span className={text.grow} />
                <Button
                  size="small"
                  look="line"
                  disabled={isBusy || !isOnline}
                  onClick={() => void end(session.id)}
                >
                  {t('people.signOut')}
                </Button>
              </li>
            ))}
          </ul>
          {count > sessions.length && (
            <p className={text.meta}>
              {t('people.sessionsShown', { shown: sessions.length, count })}
            </p>
          )}
        </>
      )}
    </WhenRead>
  )
}
