import { Search } from 'lucide-react'

import { runCommand } from '../../app/commands.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { Keys } from '../../ui/keys.tsx'
import text from '../../ui/text.module.css'
import styles from './find-button.module.css'

/** The way to the palette for those who have not learnt its key. */
export function FindButton() {
  const t = useTranslate()
  const offline = useConnection()?.state === 'offline'
  return (
    <button
      type="button"
      className={styles.find}
      aria-haspopup="dialog"
      onClick={() => runCommand('palette.open')}
    >
      <Icon of={Search} />
      <span className={classNames(text.grow, text.cut)}>
        {t(offline ? 'find.offline' : 'find.online')}
      </span>
      <Keys of="palette.open" />
    </button>
  )
}
