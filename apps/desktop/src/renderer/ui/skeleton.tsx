import { type CSSProperties } from 'react'

import styles from './skeleton.module.css'

/** One bar of a skeleton, in the place and size of what is awaited. It does not shimmer. */
export function Bone({
  width,
  height,
  radius,
  style,
}: {
  width: number | string
  height: number
  radius?: number | string
  style?: CSSProperties
}) {
  return (
    <span
      className={styles.bone}
      style={{ width, height, ...(radius === undefined ? {} : { borderRadius: radius }), ...style }}
    />
  )
}
