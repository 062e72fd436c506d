import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useRead } from '../../bridge/use-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../../ui/dialog.tsx'
import styles from './end-shift-dialog.module.css'

/** Nothing new from now on, and what waits for this person goes back: said with its number before it is done. */
export function EndShiftDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const { ask, isBusy, error } = useAsking()
  const wordsOf = useErrorWords()
  const isOnline = useConnection()?.state === 'online'
  const { value: mine } = useRead('inbox.list', { view: { kind: 'mine' }, limit: 1 })
  const waiting = mine?.sections.find(({ key }) => key === 'awaiting_me')?.total ?? 0

  const end = async () => {
    const result = await ask('presence.endShift', undefined)
    if (result.ok) onClose()
  }
  const words = error && wordsOf(error)
  return (
    <Dialog title={t('endShift.title')} width={460} onClose={onClose}>
      <DialogBody>
        <p>
          <strong className={styles.count}>{t('endShift.returns', { count: waiting })}</strong>{' '}
          {t('endShift.words')}
        </p>
        {!isOnline && <p className={styles.note}>{t('endShift.offline')}</p>}
        {words && (
          <p className={styles.error} role="alert">
            {words.title} {words.detail}
          </p>
        )}
      </DialogBody>
      <DialogFoot>
        <Button look="line" onClick={onClose} autoFocus>
          {t('endShift.cancel')}
        </Button>
        <Button look="primary" disabled={!isOnline || isBusy} onClick={() => void end()}>
          {t('endShift.submit')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}
