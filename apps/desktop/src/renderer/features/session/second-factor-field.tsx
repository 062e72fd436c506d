import type { AppError, SecondFactorSetup } from '@parley/contracts'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import styles from './sign-in.module.css'

export interface SecondFactor {
  /** To be sent along; null while nobody has asked for it. */
  code: string | null
  /** Null: nobody asks for a code. */
  asked: { setup: SecondFactorSetup | null } | null
  isWrong: boolean
  type: (code: string) => void
  /** What an attempt was refused with: whether it asks for a code, and with what to set up first. */
  heard: (error: AppError | null) => void
}

export function useSecondFactor(): SecondFactor {
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<SecondFactor['asked']>(null)
  const [isWrong, setWrong] = useState(false)
  return {
    code: asked === null ? null : typed.trim() || null,
    asked,
    isWrong,
    type: setTyped,
    heard(error) {
      if (error?.code !== 'second_factor_required') return
      const wasWrong = error.details['wrong'] === true
      // What is being set up is shown once: after a slip it stays in sight, and counts.
      setAsked((before) => ({
        setup: setupIn(error) ?? (wasWrong ? (before?.setup ?? null) : null),
      }))
      setWrong(wasWrong)
      setTyped('')
    },
  }
}

function setupIn({ details }: AppError): SecondFactorSetup | null {
  const setup = details['setup'] as Partial<SecondFactorSetup> | null | undefined
  const { secret, uri } = setup ?? {}
  return typeof secret === 'string' && typeof uri === 'string' ? { secret, uri } : null
}

/** The code of an authenticator, or first what to put into one. */
export function SecondFactorField({ factor }: { factor: SecondFactor }) {
  const t = useTranslate()
  const { asked, isWrong } = factor
  if (asked === null) return null
  return (
    <div className={classNames(styles.field, isWrong && styles.wrong)}>
      {asked.setup !== null && (
        <>
          <p>{t('secondFactor.needed')}</p>
          <SetUp setup={asked.setup} />
        </>
      )}
      <label className={styles.label} htmlFor="code">
        {t('secondFactor.code')}
      </label>
      <span className={styles.input}>
        <Icon of={ShieldCheck} size={14} />
        <input
          // Another one is typed anew.
          key={asked.setup?.secret ?? ''}
          id="code"
          name="code"
          required
          autoFocus
          autoComplete="one-time-code"
          maxLength={40}
          aria-invalid={isWrong}
          onChange={({ target }) => factor.type(target.value)}
        />
      </span>
      {asked.setup === null && <span className={styles.hint}>{t('secondFactor.codeWords')}</span>}
    </div>
  )
}

/** What an authenticator scans, and the same to be typed. */
export function SetUp({ setup: { secret, uri } }: { setup: SecondFactorSetup }) {
  const t = useTranslate()
  return (
    <div className={styles.setup}>
      <p>{t('secondFactor.setUp')}</p>
      <QrCode text={uri} label={t('secondFactor.scan')} />
      <p className={styles.hint}>{t('secondFactor.type')}</p>
      <code className={styles.secret}>{(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
    </div>
  )
}
