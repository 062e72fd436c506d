import type { Priority } from '@parley/domain'
import { ArrowDown, ArrowUp, ChevronsUp, Minus } from 'lucide-react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { Icon } from './icon.tsx'
import styles from './priority-glyph.module.css'

const SHAPES = { urgent: ChevronsUp, high: ArrowUp, normal: Minus, low: ArrowDown } as const

export function PriorityIcon({ priority }: { priority: Priority }) {
  return <Icon of={SHAPES[priority]} size={14} />
}

/** Double chevron: urgent. Arrow: high. Normal and low say nothing in a list. */
export function PriorityGlyph({ priority }: { priority: Priority }) {
  const t = useTranslate()
  if (priority !== 'urgent' && priority !== 'high') return null
  const label = t(`priority.glyph.${priority}`)
  return (
    <span className={styles[priority]} role="img" aria-label={label} title={label}>
      <PriorityIcon priority={priority} />
    </span>
  )
}
