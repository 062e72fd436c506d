import { Check, Copy, KeyRound } from 'lucide-react'
import { useState } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useSession } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Dialog, DialogBody, DialogFoot } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import styles from './session.module.css'

function useRecoveryCodes(): readonly string[] | null {
  const session = useSession()
  return session?.state === 'signed_in' ? session.recoveryCodes : null
}

/** A second factor was set up with this sign-in: its codes are to be kept somewhere else, and are shown only now. */
export function RecoveryCodesStrip() {
  const t = useTranslate()
  const codes = useRecoveryCodes()
  const openDialog = useViewState((state) => state.openDialog)
  if (codes === null) return null
  return (
    <section className={styles.strip} role="status" data-recovery-codes>
      <Icon of={KeyRound} />
      <p className={classNames(text.grow, text.cut)}>
        <strong>{t('recovery.title')}</strong> {t('recovery.lead')}
      </p>
      <Button look="line" size="small" onClick={() => openDialog({ kind: 'recovery_codes' })}>
        {t('recovery.see')}
      </Button>
    </section>
  )
}

export function RecoveryCodesDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const { session } = useConnected()
  const { ask } = useAsking()
  const codes = useRecoveryCodes()
  if (codes === null) return null
  const kept = async () => {
    const result = await ask('session.recoveryCodesSeen', undefined)
    if (!result.ok) return
    onClose()
    session.set(result.value)
  }
  return (
    <Dialog title={t('recovery.title')} width={440} onClose={onClose}>
      <DialogBody>
        <RecoveryCodes codes={codes} />
      </DialogBody>
      <DialogFoot>
        <Button look="primary" onClick={() => void kept()}>
          {t('recovery.kept')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}

export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const t = useTranslate()
  const [isCopied, setCopied] = useState(false)
  return (
    <>
      <p>{t('recovery.words')}</p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button
        look="line"
        onClick={() =>
          void navigator.clipboard.writeText(codes.join('\n')).then(() => setCopied(true))
        }
      >
        <Icon of={isCopied ? Check : Copy} />
        {t(isCopied ? 'recovery.copied' : 'recovery.copy')}
      </Button>
    </>
  )
}
