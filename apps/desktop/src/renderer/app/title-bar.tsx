import { useWaitsForServer } from '../bridge/views.ts'
import { Slot } from '../contributions/slot.tsx'
import { BrandMark } from '../ui/brand-mark.tsx'
import { classNames } from '../ui/class-names.ts'
import { isMac } from './platform.ts'
import styles from './title-bar.module.css'
import { WindowControls } from './window-controls.tsx'

const Brand = () => (
  <div className={styles.brand}>
    <BrandMark />
    <span className={styles.brandName}>Parley</span>
  </div>
)

/** The bar of a window without a workspace. */
export function TitleBar() {
  return (
    <header className={classNames(styles.bar, styles.bare, isMac && styles.mac)}>
      <Brand />
      <div className={styles.right}>
        <Slot of="bareTitleBarEnd" />
        <WindowControls />
      </div>
    </header>
  )
}

export function WorkstationTitleBar() {
  const waits = useWaitsForServer()
  return (
    <header className={classNames(styles.bar, waits && styles.waiting, isMac && styles.mac)}>
      <Brand />
      <Slot of="titleBarFind" />
      <Slot of="titleBarStatus" />
      <div className={styles.right}>
        <Slot of="titleBarEnd" />
        <WindowControls />
      </div>
    </header>
  )
}
