import type { AppError, LookAtLinkOutput, SessionView } from '@parley/contracts'
import { Link2, TriangleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Invitation, invitationIn } from './invitation.ts'
import { PasswordField } from './password-field.tsx'
import { SecondFactorField, useSecondFactor } from './second-factor-field.tsx'
import { serverName } from './server-address.ts'
import { signInWords } from './sign-in-words.ts'
import styles from './sign-in.module.css'

type SignedOut = Extract<SessionView, { state: 'signed_out' }>

/** With an invitation, or a link for another password: pasted or brought by a link, looked at, and used. */
export function Join({
  session,
  invited,
  onBack,
}: {
  session: SignedOut
  /** What a link brought; empty: nothing. */
  invited: string
  onBack: () => void
}) {
  const t = useTranslate()
  const { session: live } = useConnected()
  const { ask, isBusy, error, forgetError } = useAsking()
  const [pasted, setPasted] = useState(invited)
  const [link, setLink] = useState<(LookAtLinkOutput & Invitation) | null>(null)
  const [password, setPassword] = useState('')
  const factor = useSecondFactor()
  const invitation = invitationIn(pasted)

  // Where IT has fixed the server, the link is of that one or of none.
  const serverUrl = session.serverLocked ? session.serverUrl : (invitation?.serverUrl ?? '')

  const look = async () => {
    if (invitation === null) return
    const result = await ask('session.lookAtLink', { ...invitation, serverUrl })
    if (result.ok) setLink({ ...result.value, ...invitation, serverUrl })
  }
  const use = async ({ serverUrl, token }: Invitation) => {
    const result = await ask('session.useLink', { serverUrl, token, password, code: factor.code })
    if (result.ok) live.set(result.value)
    else factor.heard(result.error)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) void (link === null ? look() : use(link))
  }
  return (
    <form className={styles.form} onSubmit={submit} aria-label={t('join.title')}>
      <h1 className={styles.title}>
        {link === null ? t('join.title') : t(`join.${link.purpose}`, { name: link.fullName })}
      </h1>
      {link === null ? (
        <>
          <p className={styles.lead}>{t('join.lead')}</p>
          <label className={styles.field}>
            <span className={styles.label}>{t('join.link')}</span>
            <span className={styles.input}>
              <Icon of={Link2} size={14} />
              <input
                name="link"
                required
                autoFocus
                value={pasted}
                placeholder="https://…/join#…"
                onChange={({ target }) => {
                  forgetError()
                  setPasted(target.value)
                }}
              />
            </span>
            {pasted.trim() !== '' && invitation === null && (
              <span className={styles.hint}>{t('join.noLink')}</span>
            )}
            {invitation !== null && (
              <span className={styles.hint} data-join-server>
                {serverUrl === invitation.serverUrl
                  ? t('join.asks', { server: serverName(serverUrl) })
                  : t('join.asksFixed', {
                      server: serverName(serverUrl),
                      other: serverName(invitation.serverUrl),
                    })}
              </span>
            )}
          </label>
        </>
      ) : (
        <>
          <p className={styles.lead}>
            {link.email} · {serverName(link.serverUrl)}
          </p>
          <PasswordField
            label={t('join.password')}
            isNew
            value={password}
            onChange={setPassword}
            autoFocus
            wrong={error?.code === 'weak_password'}
          />
          <p className={styles.hint}>
            {t('join.passwordWords', { count: link.passwordMinLength })}
          </p>
          <SecondFactorField factor={factor} />
        </>
      )}
      <FormError error={error} serverUrl={serverUrl} />
      <Button
        type="submit"
        look="primary"
        size="big"
        wide
        className={styles.submit}
        disabled={isBusy || (link === null && invitation === null)}
      >
        {t(link === null ? 'join.look' : isBusy ? 'signIn.busy' : 'join.submit')}
      </Button>
      <div className={styles.foot}>
        <LinkButton onClick={onBack}>{t('join.back')}</LinkButton>
      </div>
    </form>
  )
}

/** Why it was refused, under the fields. A code that is asked for is no error yet. */
export function FormError({ error, serverUrl }: { error: AppError | null; serverUrl: string }) {
  const t = useTranslate()
  if (error === null) return null
  if (error.code === 'second_factor_required' && error.details['wrong'] !== true) return null
  const words =
    error.code === 'second_factor_required'
      ? { title: t('error.wrong_code'), detail: t('error.wrong_code.detail') }
      : signInWords(error, serverUrl, t)
  return (
    <div className={classNames(styles.notice, styles.error)} role="alert">
      <Icon of={TriangleAlert} />
      <p>
        <strong>{words.title}</strong> {words.detail}
      </p>
    </div>
  )
}
