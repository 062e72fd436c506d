import type { AppError, SessionView } from '@parley/contracts'
import { Globe, Info, Lock, ShieldCheck, User } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'

import app from '../../app/app.module.css'
import { TitleBar } from '../../app/title-bar.tsx'
import { useShell } from '../../app/window-controls.tsx'
import { useAsk, useConnected } from '../../bridge/bridge-context.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { FormError, Join } from './join.tsx'
import { PasswordField } from './password-field.tsx'
import { SecondFactorField, useSecondFactor } from './second-factor-field.tsx'
import { completeServerUrl, serverName } from './server-address.ts'
import styles from './sign-in.module.css'
import { useInvitation } from './use-invitation.ts'
import { SignOnChoices } from './sign-on-choices.tsx'

type SignedOut = Extract<SessionView, { state: 'signed_out' }>

/** With a password, or with a link that somebody made. */
export function SignIn({ session }: { session: SignedOut }) {
  const [isJoining, setJoining] = useState(false)
  const [invited, setInvited] = useState('')
  useInvitation((address) => {
    setInvited(address)
    setJoining(true)
  })
  return (
    <div className={app.bare}>
      <TitleBar />
      <main className={styles.sign}>
        {isJoining ? (
          <Join
            key={invited}
            session={session}
            invited={invited}
            onBack={() => setJoining(false)}
          />
        ) : (
          <SignInForm session={session} onJoin={() => setJoining(true)} />
        )}
      </main>
    </div>
  )
}

function SignInForm({ session, onJoin }: { session: SignedOut; onJoin: () => void }) {
  const t = useTranslate()
  const { session: live } = useConnected()
  const ask = useAsk()
  const shell = useShell()
  const [server, setServer] = useState(session.serverUrl)
  const [email, setEmail] = useState(session.lastPerson?.email ?? '')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState<'sign_in' | 'offline' | null>(null)
  const [error, setError] = useState<AppError | null>(null)
  const [tried, setTried] = useState('')
  /** The server whose ways in are shown: as it was typed when the person went on. */
  const [asked, setAsked] = useState(completeServerUrl(session.serverUrl))
  const passwordField = useRef<HTMLInputElement>(null)
  const factor = useSecondFactor()

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy('sign_in')
    setError(null)
    const serverUrl = completeServerUrl(server)
    setTried(serverUrl)
    const result = await ask('session.signIn', {
      serverUrl,
      email: email.trim(),
      password,
      code: factor.code,
    })
    setBusy(null)
    if (result.ok) return live.set(result.value)
    setError(result.error)
    factor.heard(result.error)
    // What is wrong is most likely here; the address and the name stay as they are.
    if (result.error.code !== 'second_factor_required') passwordField.current?.select()
  }
  const openOffline = async () => {
    setBusy('offline')
    setError(null)
    const result = await ask('session.openOffline', undefined)
    setBusy(null)
    if (result.ok) live.set(result.value)
    else setError(result.error)
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => void signIn(event)}
      aria-label={t('signIn.title')}
    >
      <div className={styles.mark}>
        <BrandMark size={36} />
      </div>
      <h1 className={styles.title}>{t('signIn.title')}</h1>
      <p className={styles.lead}>{t('signIn.lead')}</p>
      <Because because={session.because} />
      <label className={styles.field}>
        <span className={styles.label}>{t('signIn.server')}</span>
        <span className={classNames(styles.input, session.serverLocked && styles.locked)}>
          <Icon of={session.serverLocked ? Lock : Globe} size={14} />
          <input
            name="server"
            required
            readOnly={session.serverLocked}
            autoCapitalize="off"
            placeholder="parley.empresa.example"
            value={session.serverLocked ? serverName(server) : server}
            onChange={(event) => setServer(event.target.value)}
            onBlur={() => setAsked(completeServerUrl(server))}
          />
        </span>
        {session.serverLocked && (
          <span className={styles.hint}>
            <Icon of={ShieldCheck} size={14} />
            {t('signIn.serverLocked')}
          </span>
        )}
      </label>
      <label className={styles.field}>
        <span className={styles.label}>{t('signIn.email')}</span>
        <span className={styles.input}>
          <input
            name="email"
            type="email"
            required
            autoComplete="username"
            autoFocus={email === ''}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </span>
      </label>
      <PasswordField
        value={password}
        onChange={setPassword}
        ref={passwordField}
        autoFocus={email !== ''}
        wrong={error?.code === 'unauthenticated'}
      />
      <SecondFactorField factor={factor} />
      <FormError error={error} serverUrl={tried} />
      <Button
        type="submit"
        look="primary"
        size="big"
        wide
        className={styles.submit}
        disabled={busy !== null}
      >
        {t(busy === 'sign_in' ? 'signIn.busy' : 'signIn.submit')}
      </Button>
      <SignOnChoices serverUrl={asked} />
      <div className={styles.foot}>
        {session.lastPerson && (
          <>
            <Icon of={User} />
            <span className={classNames(text.grow, text.cut)}>
              <span className={styles.person}>{session.lastPerson.fullName}</span>
              {t('signIn.onThisComputer')}
            </span>
            <LinkButton onClick={() => void openOffline()} disabled={busy !== null}>
              {t('signIn.openOffline')}
            </LinkButton>
          </>
        )}
      </div>
      <p className={styles.hint}>
        <LinkButton onClick={onJoin}>{t('join.offer')}</LinkButton>
      </p>
      {shell && <p className={styles.hint}>{t('settings.version', { version: shell.version })}</p>}
    </form>
  )
}

/** Why the person finds themselves here, where it is not their own doing. */
function Because({ because }: { because: SignedOut['because'] }) {
  const t = useTranslate()
  if (because === 'never_signed_in' || because === 'signed_out') return null
  return (
    <div className={styles.notice} role="status">
      <Icon of={Info} />
      <p>
        <strong>{t(`signedOut.${because}`)}</strong> {t(`signedOut.${because}.detail`)}
      </p>
    </div>
  )
}
