import { Keyboard, Search } from 'lucide-react'
import { type ReactNode } from 'react'

import { useConnection, useSession } from '../bridge/views.ts'
import { AlertButton } from '../features/alerts/alert-button.tsx'
import { LanguageMenu } from '../features/session/language-menu.tsx'
import { useTranslate } from '../i18n/use-translate.tsx'
import { BrandMark } from '../ui/brand-mark.tsx'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Icon } from '../ui/icon.tsx'
import { Keys } from '../ui/keys.tsx'
import text from '../ui/text.module.css'
import { ConnectionStatus } from './connection-status.tsx'
import { isMac } from './platform.ts'
import styles from './title-bar.module.css'
import { useViewState } from './view-state.ts'
import { WindowControls } from './window-controls.tsx'

const Brand = () => (
  <div className={styles.brand}>
    <BrandMark />
    <span className={styles.brandName}>Parley</span>
  </div>
)

/** The bar of a window without a workspace. */
export function TitleBar({ children }: { children?: ReactNode }) {
  return (
    <header className={classNames(styles.bar, styles.bare, isMac && styles.mac)}>
      <Brand />
      <div>{children}</div>
      <div className={styles.right}>
        <LanguageMenu />
        <WindowControls />
      </div>
    </header>
  )
}

export function WorkstationTitleBar() {
  const t = useTranslate()
  const openDialog = useViewState((state) => state.openDialog)
  const session = useSession()
  const offline = useConnection()?.state === 'offline'
  const waits = offline || (session?.state === 'signed_in' && session.expired)
  return (
    <header className={classNames(styles.bar, waits && styles.waiting, isMac && styles.mac)}>
      <Brand />
      <button
        type="button"
        className={styles.find}
        aria-haspopup="dialog"
        onClick={() => openDialog({ kind: 'palette', scope: 'everything' })}
      >
        <Icon of={Search} />
        <span className={classNames(text.grow, text.cut)}>
          {t(offline ? 'find.offline' : 'find.online')}
        </span>
        <Keys of="palette.open" />
      </button>
      <ConnectionStatus />
      <div className={styles.right}>
        <IconButton
          label={t('help.title')}
          keysOf="help.open"
          onClick={() => openDialog({ kind: 'help' })}
        >
          <Icon of={Keyboard} />
        </IconButton>
        <AlertButton />
        <WindowControls />
      </div>
    </header>
  )
}
