import type { SessionView } from '@parley/contracts'
import { HardDrive } from 'lucide-react'
import { useState } from 'react'

import { useConnected } from '../bridge/bridge-context.tsx'
import { when } from '../i18n/phrases.ts'
import { useTranslate } from '../i18n/use-translate.tsx'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import styles from './app.module.css'
import { TitleBar } from './title-bar.tsx'
import { UnsentLines } from './unsent-lines.tsx'

/** What is saved here cannot be opened now: what is so, that nothing was touched, and the way on. */
export function NotOpened({ view }: { view: Extract<SessionView, { state: 'not_opened' }> }) {
  const t = useTranslate()
  const { client, session } = useConnected()
  const [isBusy, setBusy] = useState(false)
  const { reason, retryAt, canStartFresh, unsent } = view
  const tell = async (method: 'session.openAgain' | 'session.startFresh') => {
    setBusy(true)
    const result = await client.ask(method, undefined)
    setBusy(false)
    if (result.ok) session.set(result.value)
  }
  return (
    <div className={styles.bare}>
      <TitleBar />
      <main className={styles.notOpened} data-reason={reason} role="status">
        <Blank
          icon={HardDrive}
          title={t(`notOpened.${reason}`)}
          actions={
            <>
              {reason !== 'newer' && (
                <Button
                  look="primary"
                  disabled={isBusy}
                  onClick={() => void tell('session.openAgain')}
                >
                  {t('notOpened.again')}
                </Button>
              )}
              {canStartFresh && (
                <Button
                  look={reason === 'newer' ? 'primary' : 'line'}
                  disabled={isBusy}
                  onClick={() => void tell('session.startFresh')}
                >
                  {t('notOpened.fresh')}
                </Button>
              )}
            </>
          }
        >
          {t(`notOpened.${reason}.detail`)}
          {retryAt !== null && ` ${t('notOpened.retryAt', { at: when(Date.parse(retryAt), t) })}`}
        </Blank>
        {unsent.length > 0 && (
          <section className={styles.unsent}>
            <p>{t('notOpened.unsent')}</p>
            <UnsentLines unsent={unsent} />
          </section>
        )}
      </main>
    </div>
  )
}
