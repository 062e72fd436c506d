import { type FormEvent, useRef, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useSession } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../../ui/dialog.tsx'
import { PasswordField } from './password-field.tsx'
import styles from './session.module.css'

/** The session ended on the server; the same person comes back to the same place, and what waits is sent. */
export function SignInAgainDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const { session } = useConnected()
  const { ask, isBusy, error } = useAsking()
  const wordsOf = useErrorWords()
  const view = useSession()
  const [password, setPassword] = useState('')
  const field = useRef<HTMLInputElement>(null)
  if (view?.state !== 'signed_in') return null

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    const result = await ask('session.signIn', {
      serverUrl: view.serverUrl,
      email: view.email,
      password,
    })
    if (result.ok) {
      onClose()
      session.set(result.value)
    } else {
      field.current?.select()
    }
  }
  const words = error && wordsOf(error)
  return (
    <Dialog title={t('expired.signIn')} width={400} onClose={onClose}>
      <form onSubmit={(event) => void signIn(event)}>
        <DialogBody>
          <p>{t('expired.dialog', { email: view.email })}</p>
          <PasswordField
            value={password}
            onChange={setPassword}
            ref={field}
            autoFocus
            wrong={error?.code === 'unauthenticated'}
          />
          {words && (
            <p className={styles.error} role="alert">
              {words.title} {words.detail}
            </p>
          )}
        </DialogBody>
        <DialogFoot>
          <Button type="submit" look="primary" disabled={isBusy}>
            {t(isBusy ? 'signIn.busy' : 'signIn.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
