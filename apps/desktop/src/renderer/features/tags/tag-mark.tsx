import type { TagView } from '@parley/contracts'
import { X } from 'lucide-react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { knownColor } from './tag-looks.ts'
import styles from './tag-mark.module.css'

const colorClass = (color: string) => styles[`c${knownColor(color).slice(1)}`]

/** To the eye only: its name stands beside it. */
export function TagDot({ color }: { color: string }) {
  return <span className={classNames(styles.dot, colorClass(color))} aria-hidden="true" />
}

export function TagChip({ tag, onRemove }: { tag: TagView; onRemove?: (() => void) | undefined }) {
  const t = useTranslate()
  return (
    <span className={classNames(styles.chip, colorClass(tag.color))} data-tag={tag.id}>
      <span className={text.cut} title={tag.name}>
        {tag.name}
      </span>
      {onRemove && (
        <button
          type="button"
          className={styles.remove}
          aria-label={t('tags.dropOf', { tag: tag.name })}
          onClick={onRemove}
        >
          <Icon of={X} size={12} />
        </button>
      )}
    </span>
  )
}

/** Where there is no room for names: they are read and shown on pointing. */
export function TagDots({ tags }: { tags: readonly TagView[] }) {
  const t = useTranslate()
  const names = tags.map(({ name }) => name).join(', ')
  return (
    <span
      className={styles.dots}
      role="img"
      aria-label={t('tags.on', { tags: names })}
      title={names}
      data-tags={tags.length}
    >
      {tags.slice(0, 3).map(({ id, color }) => (
        <TagDot key={id} color={color} />
      ))}
    </span>
  )
}
