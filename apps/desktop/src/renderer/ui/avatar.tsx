import { useTranslate } from '../i18n/use-translate.tsx'
import styles from './avatar.module.css'
import { classNames } from './class-names.ts'
import { initials, tintOf } from './initials.ts'
import { PresenceGlyph, type ShownPresence } from './presence-glyph.tsx'

type Size = 'small' | 'normal' | 'large'

/** Initials on a tint. A picture to the eye only, unless `named`: the name usually stands beside it. */
export function Avatar({
  id,
  name,
  size = 'normal',
  named = false,
  presence,
}: {
  id: string
  name: string
  size?: Size
  named?: boolean
  presence?: ShownPresence
}) {
  return (
    <span
      className={classNames(
        styles.avatar,
        styles[`tint${tintOf(id)}`],
        size !== 'normal' && styles[size],
      )}
      {...(named ? { role: 'img', 'aria-label': name, title: name } : { 'aria-hidden': true })}
    >
      {initials(name)}
      {presence && <PresenceGlyph status={presence} className={styles.presence} />}
    </span>
  )
}

/** The dashed ring: nobody has it. */
export function NobodyAvatar() {
  const t = useTranslate()
  const label = t('assignee.nobody')
  return (
    <span
      className={classNames(styles.avatar, styles.small, styles.nobody)}
      role="img"
      aria-label={label}
      title={label}
    />
  )
}

export function TeamMark({ id, name }: { id: string; name: string }) {
  return (
    <span className={classNames(styles.team, styles[`tint${tintOf(id)}`])} aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  )
}
