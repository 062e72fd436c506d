import { Search } from 'lucide-react'
import { useState } from 'react'

import { foldText } from '../features/palette/fold-text.ts'
import { useTranslate } from '../i18n/use-translate.tsx'
import { Dialog, DialogBody } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { Keys } from '../ui/keys.tsx'
import { MarkedText } from '../ui/marked-text.tsx'
import styles from './help-sheet.module.css'
import { SHORTCUTS, SHORTCUT_SECTIONS } from './shortcuts.ts'
import { useIsNarrow } from './use-media-query.ts'

/** All keys, from the table that the key handler reads. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const [wanted, setWanted] = useState('')
  const isNarrow = useIsNarrow()
  const found = SHORTCUTS.filter(({ label }) =>
    foldText(t(label)).includes(foldText(wanted.trim())),
  )
  return (
    <Dialog
      title={t('help.title')}
      width={isNarrow ? 720 : 880}
      top={36}
      onClose={onClose}
      className={styles.sheet}
      heading={
        <label className={styles.find}>
          <Icon of={Search} />
          <input
            autoFocus
            value={wanted}
            aria-label={t('help.search')}
            placeholder={t('help.search')}
            onChange={(event) => setWanted(event.target.value)}
          />
        </label>
      }
    >
      <DialogBody>
        {found.length === 0 && <p className={styles.none}>{t('help.none')}</p>}
        <div className={styles.columns}>
          {SHORTCUT_SECTIONS.map((section) => {
            const commands = found.filter((command) => command.section === section)
            if (commands.length === 0) return null
            return (
              <section key={section} className={styles.section}>
                <h3 className={styles.heading}>{t(`help.section.${section}`)}</h3>
                {commands.map(({ id, label }) => (
                  <div key={id} className={styles.line}>
                    <span>
                      <MarkedText text={t(label)} wanted={wanted} />
                    </span>
                    <Keys of={id} />
                  </div>
                ))}
              </section>
            )
          })}
        </div>
      </DialogBody>
    </Dialog>
  )
}
