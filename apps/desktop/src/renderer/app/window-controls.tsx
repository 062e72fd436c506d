import type { ShellOutputs } from '@parley/contracts'
import { useEffect, useState } from 'react'

import { useConnected } from '../bridge/bridge-context.tsx'
import { useTranslate } from '../i18n/use-translate.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './title-bar.module.css'

/** Minimise, maximise, close: drawn here except on macOS, which draws its own. */
export function WindowControls() {
  const t = useTranslate()
  const { client } = useConnected()
  const shell = useShell()
  if (!shell || shell.platform === 'darwin') return null
  return (
    <div className={styles.controls} role="group" aria-label={t('window.controls')}>
      <button
        type="button"
        className={styles.control}
        aria-label={t('window.minimize')}
        onClick={() => void client.ask('window.minimize', undefined)}
      >
        <Shape d="M1.5 6h9" />
      </button>
      <button
        type="button"
        className={styles.control}
        aria-label={t(shell.maximized ? 'window.restore' : 'window.maximize')}
        onClick={() => void client.ask('window.toggleMaximize', undefined)}
      >
        <Shape d={shell.maximized ? 'M4 3.5v-2h6.5V8h-2M1.5 4h6.5v6.5H1.5z' : 'M1.5 1.5h9v9h-9z'} />
      </button>
      <button
        type="button"
        className={classNames(styles.control, styles.closeControl)}
        aria-label={t('window.close')}
        onClick={() => void client.ask('window.close', undefined)}
      >
        <Shape d="m2 2 8 8m0-8-8 8" />
      </button>
    </div>
  )
}

const Shape = ({ d }: { d: string }) => (
  <svg
    viewBox="0 0 12 12"
    width="12"
    height="12"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.2"
    aria-hidden="true"
  >
    <path d={d} />
  </svg>
)

export function useShell(): ShellOutputs['shell.info'] | null {
  const { client } = useConnected()
  const [shell, setShell] = useState<ShellOutputs['shell.info'] | null>(null)
  useEffect(() => {
    let gone = false
    const read = async () => {
      const result = await client.ask('shell.info', undefined)
      if (!gone && result.ok) setShell(result.value)
    }
    void read()
    const dispose = client.on('window', ({ maximized }) =>
      setShell((known) => known && { ...known, maximized }),
    )
    return () => {
      gone = true
      dispose()
    }
  }, [client])
  return shell
}
