import type { AppError } from '@parley/contracts'

import { useTranslate } from '../i18n/use-translate.tsx'
import { FailedBlank } from '../ui/blank.tsx'
import styles from './app.module.css'
import { TitleBar } from './title-bar.tsx'

/** The engine could not say who is signed in: nothing can be shown, and only starting again helps. */
export function StartFailed({ error }: { error: AppError }) {
  const t = useTranslate()
  return (
    <div className={styles.bare}>
      <TitleBar />
      <main className={styles.failed}>
        <FailedBlank title={t('failed.start')} error={error} onRetry={() => location.reload()} />
      </main>
    </div>
  )
}
