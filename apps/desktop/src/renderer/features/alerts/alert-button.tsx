import { Bell } from 'lucide-react'

import { runCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './alert-button.module.css'
import { summaryOf } from './shown-alerts.ts'

/** The way to the alerts, with how many are open and whether one of them cannot wait. */
export function AlertButton() {
  const t = useTranslate()
  const { value } = useReadAll('alerts.list')
  const isShown = useViewState((state) => state.screen.kind === 'alerts')
  const { count, worst } = summaryOf(value ?? [])
  const label = worst === null ? t('alerts.title') : t(`alerts.button.${worst}`, { count })
  return (
    <span className={styles.place}>
      <IconButton
        label={label}
        keysOf="go.alerts"
        aria-pressed={isShown}
        data-alert-count={count}
        data-worst-alert={worst ?? undefined}
        onClick={() => runCommand('go.alerts')}
      >
        <Icon of={Bell} />
      </IconButton>
      {count > 0 && (
        <span
          className={classNames(styles.count, worst !== 'warning' && styles.grave)}
          aria-hidden="true"
        >
          {count > 99 ? '99+' : count}
        </span>
      )}
    </span>
  )
}
