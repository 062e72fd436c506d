import { UnsentLines } from '../../app/unsent-lines.tsx'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../../ui/dialog.tsx'
import { useCarriedOver } from './carried-over.tsx'
import styles from './session.module.css'

/** What came along from the cache that was before, and what did not. */
export function CarriedOverDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const { session } = useConnected()
  const { ask } = useAsking()
  const carriedOver = useCarriedOver()
  if (carriedOver === null) return null
  const { because, unsent, lost } = carriedOver
  const understood = async () => {
    const result = await ask('session.carriedOverSeen', undefined)
    if (!result.ok) return
    onClose()
    session.set(result.value)
  }
  return (
    <Dialog title={t(`carriedOver.${because}`)} width={520} onClose={onClose}>
      <DialogBody>
        <p>{t(`carriedOver.${because}.detail`)}</p>
        {lost !== 0 && (
          <p className={styles.warning}>
            {lost === null ? t('carriedOver.lostUnknown') : t('carriedOver.lost', { count: lost })}
          </p>
        )}
        {unsent.length > 0 && (
          <>
            <p className={styles.warning}>{t('carriedOver.unsent', { count: unsent.length })}</p>
            <UnsentLines unsent={unsent} />
          </>
        )}
      </DialogBody>
      <DialogFoot>
        <Button look="primary" onClick={() => void understood()} autoFocus>
          {t('carriedOver.seen')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}
