import { UnsentLines } from '../../app/unsent-lines.tsx'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../../ui/dialog.tsx'
import styles from './session.module.css'

/** Signing out wipes the cache. What was not sent is shown first, and only an express word discards it. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const { session } = useConnected()
  const { ask, error } = useAsking()
  const wordsOf = useErrorWords()
  const { value: unsent } = useReadAll('session.unsent')
  // The engine has the last word on whether anything is unsent.
  const hasUnsent = (unsent?.length ?? 0) > 0 || error?.code === 'conflict'

  const signOut = async () => {
    const result = await ask('session.signOut', { discardUnsent: hasUnsent })
    if (!result.ok) return
    onClose()
    session.set(result.value)
  }
  const words = error && error.code !== 'conflict' ? wordsOf(error) : null
  return (
    <Dialog title={t('signOut.title')} width={460} onClose={onClose}>
      <DialogBody>
        <p>{t('signOut.words')}</p>
        {hasUnsent && (
          <>
            <p className={styles.warning}>{t('signOut.unsent', { count: unsent?.length ?? 0 })}</p>
            <UnsentLines unsent={unsent ?? []} />
          </>
        )}
        {words && (
          <p className={styles.error} role="alert">
            {words.title} {words.detail}
          </p>
        )}
      </DialogBody>
      <DialogFoot>
        <Button look="line" onClick={onClose} autoFocus>
          {t('signOut.stay')}
        </Button>
        <Button look={hasUnsent ? 'danger' : 'primary'} onClick={() => void signOut()}>
          {t(hasUnsent ? 'signOut.discard' : 'signOut.submit')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}
