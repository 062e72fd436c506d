import { TriangleAlert, X } from 'lucide-react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { Button, IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'
import { type NoticePlace, clearNotice, useNotices } from './notice-state.ts'
import styles from './notice.module.css'
import text from './text.module.css'

/** The notice of a place, lying over its foot so that nothing moves. */
export function NoticeAt({
  place,
  className,
}: {
  place: NoticePlace
  className?: string | undefined
}) {
  const t = useTranslate()
  const notice = useNotices((state) => state.notices.find((other) => other.place === place))
  if (!notice) return null
  const { action } = notice
  const isTrouble = place !== 'undo'
  return (
    <div
      className={classNames(styles.notice, isTrouble && styles.trouble, className)}
      role={isTrouble ? 'alert' : 'status'}
    >
      {isTrouble && <Icon of={TriangleAlert} className={styles.icon} />}
      <p className={text.grow}>
        <strong className={styles.title}>{notice.title}</strong> {notice.detail}
      </p>
      {action && (
        <Button
          look="line"
          size="small"
          {...(action.keysOf ? { keysOf: action.keysOf } : {})}
          onClick={() => {
            clearNotice(place)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('notice.dismiss')} size="small" onClick={() => clearNotice(place)}>
        <Icon of={X} size={14} />
      </IconButton>
    </div>
  )
}
