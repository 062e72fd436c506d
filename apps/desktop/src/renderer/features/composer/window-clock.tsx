import { TriangleAlert } from 'lucide-react'

import { exactMoment } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { useNow } from '../../ui/use-now.ts'
import styles from './composer.module.css'
import { type WindowState } from './window-state.ts'

const AROUND = 34.5

/** How long one may still write freely. Turns amber with words in the last two hours. */
export function WindowClock({ window }: { window: WindowState }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  if (window.state === 'closed' || window.state === 'none') return null
  if (window.state === 'unlimited') {
    return (
      <span className={styles.window}>
        <Ring fraction={1} />
        {t('window.unlimited')}
      </span>
    )
  }
  const title = t('window.endsAt', { at: exactMoment(window.endsAt, now, language) })
  return (
    <span
      className={classNames(styles.window, window.state === 'closing' && styles.closing)}
      title={title}
    >
      {window.state === 'closing' ? (
        <Icon of={TriangleAlert} size={13} />
      ) : (
        <Ring fraction={window.fractionLeft} />
      )}
      <span className={styles.windowWords}>
        {t(window.state === 'closing' ? 'window.closing' : 'window.open')}
      </span>{' '}
      {window.left}
    </span>
  )
}

function Ring({ fraction }: { fraction: number }) {
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <circle
        cx="7"
        cy="7"
        r="5.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        opacity=".35"
      />
      <circle
        cx="7"
        cy="7"
        r="5.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeDasharray={`${(fraction * AROUND).toFixed(1)} ${AROUND}`}
        transform="rotate(-90 7 7)"
        strokeLinecap="round"
      />
    </svg>
  )
}
