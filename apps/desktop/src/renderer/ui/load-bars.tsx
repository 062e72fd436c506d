import { classNames } from './class-names.ts'
import { loadText } from './load-text.ts'
import styles from './load-bars.module.css'

/** One bar for each slot, up to a width that every rail has. */
const MOST_BARS = 8

/** How much of somebody's capacity is taken. The number stands beside it. */
export function LoadBars({ load, capacity }: { load: number; capacity: number }) {
  if (capacity <= 0) return null
  const bars = Math.min(capacity, MOST_BARS)
  const filled = (load / capacity) * bars
  return (
    <span
      className={classNames(styles.bars, load >= capacity && styles.full)}
      aria-hidden="true"
      title={loadText(load, capacity)}
    >
      {Array.from({ length: bars }, (_, index) => (
        <i key={index} className={styles.slot}>
          <i
            className={styles.fill}
            style={{ width: `${Math.min(1, Math.max(0, filled - index)) * 100}%` }}
          />
        </i>
      ))}
    </span>
  )
}
