import { Bone } from './skeleton.tsx'
import styles from './list-skeleton.module.css'

const WIDTHS = [
  [46, 82],
  [58, 64],
  [38, 90],
  [52, 70],
  [44, 58],
  [60, 76],
  [40, 66],
  [50, 84],
] as const

/** The list before it is there, in the sizes of its rows. */
export function ListSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true">
      <div className={styles.header}>
        <Bone width={120} height={10} />
      </div>
      {WIDTHS.map(([name, preview], index) => (
        <div key={index} className={styles.row}>
          <Bone width={16} height={16} radius="50%" />
          <div className={styles.line}>
            <Bone width={`${name}%`} height={10} />
            <Bone width={48} height={10} />
          </div>
          <span />
          <div className={styles.line}>
            <Bone width={`${preview}%`} height={9} />
            <Bone width={18} height={18} radius="50%" />
          </div>
        </div>
      ))}
    </div>
  )
}
