import type { AppError } from '@parley/contracts'
import { type FormEvent, useRef, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useDirectory, useSession } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../../ui/dialog.tsx'
import { PasswordField } from './password-field.tsx'
import styles from './session.module.css'

/** The session ended on the server; the same person comes back to the same place, and what waits is sent. */
export function SignInAgainDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const { client, session } = useConnected()
  const { people } = useDirectory()
  const view = useSession()
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<AppError | null>(null)
  const field = useRef<HTMLInputElement>(null)
  if (view?.state !== 'signed_in') return null

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const result = await client.ask('session.signIn', {
      serverUrl: view.serverUrl,
      email: view.email,
      password,
    })
    setBusy(false)
    if (result.ok) {
      onClose()
      session.set(result.value)
    } else {
      setError(result.error)
      field.current?.select()
    }
  }
  const words = error && errorWords(error, t, people)
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
          <Button type="submit" look="primary" disabled={busy}>
            {t(busy ? 'signIn.busy' : 'signIn.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
