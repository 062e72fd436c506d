import type { SessionView } from '@parley/contracts'
import { type FormEvent, useRef, useState } from 'react'

import app from '../../app/app.module.css'
import { TitleBar } from '../../app/title-bar.tsx'
import { UnsentLines } from '../../app/unsent-lines.tsx'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useConnection } from '../../bridge/views.ts'
import { when } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import text from '../../ui/text.module.css'
import { FormError } from './join.tsx'
import { PasswordField } from './password-field.tsx'
import { SecondFactorField, useSecondFactor } from './second-factor-field.tsx'
import { serverName } from './server-address.ts'
import session from './session.module.css'
import styles from './sign-in.module.css'
import { SignOnChoices } from './sign-on-choices.tsx'

type View = Extract<SessionView, { state: 'locked' }>

/** Nothing of what is saved is shown until the same person is back; their own words, where nothing else is left. */
export function Locked({ session: view }: { session: View }) {
  const t = useTranslate()
  const { session: live } = useConnected()
  const { ask, isBusy, error } = useAsking()
  const leaseEndsAt = useConnection()?.leaseEndsAt ?? null
  const [password, setPassword] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const factor = useSecondFactor()
  const { because, email, fullName, serverUrl, unsentCount, words } = view
  const mayComeBack = because !== 'server_not_allowed'

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    const result = await ask('session.signIn', { serverUrl, email, password, code: factor.code })
    if (result.ok) return live.set(result.value)
    factor.heard(result.error)
    if (result.error.code !== 'second_factor_required') field.current?.select()
  }
  const leave = async (discardUnsent: boolean) => {
    const result = await ask('session.signOut', { discardUnsent })
    if (result.ok) live.set(result.value)
  }
  return (
    <div className={app.bare}>
      <TitleBar />
      <main className={styles.sign} data-locked={because}>
        <form
          className={styles.form}
          onSubmit={(event) => void signIn(event)}
          aria-label={t('locked.signIn')}
        >
          <div className={styles.mark}>
            <BrandMark size={36} />
          </div>
          <h1 className={styles.title}>
            {because === 'server_not_allowed'
              ? t('locked.server_not_allowed', { server: serverName(serverUrl) })
              : t(`locked.${because}`)}
          </h1>
          <p className={styles.lead}>{t(`locked.${because}.detail`)}</p>
          {words !== null && <OwnWords words={words} onDiscard={() => void leave(true)} />}
          {words === null && unsentCount > 0 && (
            <p className={styles.lead}>{t('locked.unsent', { count: unsentCount })}</p>
          )}
          {leaseEndsAt !== null && (
            <p className={session.warning}>
              {t('lease.ends', { at: when(Date.parse(leaseEndsAt), t) })}
            </p>
          )}
          {mayComeBack && (
            <PasswordField
              value={password}
              onChange={setPassword}
              ref={field}
              autoFocus
              wrong={error?.code === 'unauthenticated'}
            />
          )}
          <SecondFactorField factor={factor} />
          <FormError error={error} serverUrl={serverUrl} />
          {mayComeBack ? (
            <Button
              type="submit"
              look="primary"
              size="big"
              wide
              className={styles.submit}
              disabled={isBusy}
            >
              {t(isBusy ? 'signIn.busy' : 'locked.signIn')}
            </Button>
          ) : (
            <Button
              look="primary"
              size="big"
              wide
              className={styles.submit}
              disabled={isBusy}
              onClick={() => void leave(false)}
            >
              {t('locked.continue')}
            </Button>
          )}
          {mayComeBack && <SignOnChoices serverUrl={serverUrl} />}
          <div className={styles.foot}>
            <span className={classNames(text.grow, text.cut)}>
              <span className={styles.person}>{fullName}</span> · {email} · {serverName(serverUrl)}
            </span>
            {mayComeBack && (
              <LinkButton onClick={() => void leave(false)} disabled={isBusy}>
                {t('locked.somebodyElse')}
              </LinkButton>
            )}
          </div>
        </form>
      </main>
    </div>
  )
}

/** To be read, taken elsewhere, and discarded: only on a second word, since nobody else has them. */
function OwnWords({
  words: { unsent, lost },
  onDiscard,
}: {
  words: NonNullable<View['words']>
  onDiscard: () => void
}) {
  const t = useTranslate()
  const [isSure, setSure] = useState(false)
  return (
    <section>
      {lost !== 0 && (
        <p className={session.warning}>
          {lost === null ? t('carriedOver.lostUnknown') : t('carriedOver.lost', { count: lost })}
        </p>
      )}
      <UnsentLines unsent={unsent}>
        <Button
          look={isSure ? 'danger' : 'line'}
          size="small"
          onClick={() => (isSure ? onDiscard() : setSure(true))}
        >
          {t(isSure ? 'locked.discardSure' : 'locked.discard')}
        </Button>
      </UnsentLines>
    </section>
  )
}
