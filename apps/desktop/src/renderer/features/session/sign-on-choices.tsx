import type { AppError, SignOnOptions } from '@parley/contracts'
import { useEffect, useState } from 'react'

import { useAsk, useConnected } from '../../bridge/bridge-context.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { FormError } from './join.tsx'
import styles from './sign-in.module.css'

/** What a server offers besides a password; nothing while it is not reached. */
function useSignOnOptions(serverUrl: string): SignOnOptions {
  const ask = useAsk()
  const [found, setFound] = useState<{ serverUrl: string; options: SignOnOptions } | null>(null)
  useEffect(() => {
    let isWanted = URL.canParse(serverUrl)
    const look = async () => {
      const result = await ask('session.signOnOptions', { serverUrl })
      if (isWanted) setFound({ serverUrl, options: result.ok ? result.value : [] })
    }
    if (isWanted) void look()
    return () => {
      isWanted = false
    }
  }, [ask, serverUrl])
  return found?.serverUrl === serverUrl ? found.options : []
}

/** By the company's own sign-in, in the browser. */
export function SignOnChoices({ serverUrl }: { serverUrl: string }) {
  const t = useTranslate()
  const { session: live } = useConnected()
  const ask = useAsk()
  const options = useSignOnOptions(serverUrl)
  const [waitsFor, setWaitsFor] = useState<string | null>(null)
  const [error, setError] = useState<AppError | null>(null)

  const begin = async ({ id, name }: SignOnOptions[number]) => {
    setError(null)
    setWaitsFor(name)
    const result = await ask('session.signOn', { serverUrl, providerId: id })
    setWaitsFor(null)
    if (result.ok) return live.set(result.value)
    // Whoever stopped waiting knows.
    if (result.error.details['reason'] !== 'cancelled') setError(result.error)
  }
  if (waitsFor !== null) {
    return (
      <div className={styles.signOn} role="status">
        <p>
          <strong>{t('signOn.waiting')}</strong> {t('signOn.waitingWords', { name: waitsFor })}
        </p>
        <LinkButton onClick={() => void ask('session.cancelSignOn', undefined)}>
          {t('signOn.stopWaiting')}
        </LinkButton>
      </div>
    )
  }
  if (options.length === 0) return null
  return (
    <div className={styles.signOn}>
      {options.map((option) => (
        <Button key={option.id} look="line" size="big" wide onClick={() => void begin(option)}>
          {t('signOn.with', { name: option.name })}
        </Button>
      ))}
      <FormError error={error} serverUrl={serverUrl} />
    </div>
  )
}
