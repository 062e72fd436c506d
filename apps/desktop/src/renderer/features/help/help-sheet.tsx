import { Search } from 'lucide-react'
import { useState } from 'react'

import { foldText } from '../../ui/fold-text.ts'
import { commandTable } from '../../app/command-table.ts'
import { useIsNarrow } from '../../app/use-media-query.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Keys } from '../../ui/keys.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import styles from './help-sheet.module.css'

/** All keys, from the table that the key handler reads. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const [wanted, setWanted] = useState('')
  const isNarrow = useIsNarrow()
  const found = commandTable().filter(({ label }) =>
    foldText(t(label)).includes(foldText(wanted.trim())),
  )
  const sections = [...new Set(found.map(({ section }) => section))]
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
          {sections.map((section) => (
            <section key={section} className={styles.section}>
              <h3 className={styles.heading}>{t(`help.section.${section}`)}</h3>
              {found
                .filter((command) => command.section === section)
                .map(({ id, label }) => (
                  <div key={id} className={styles.line}>
                    <span>
                      <MarkedText text={t(label)} wanted={wanted} />
                    </span>
                    <Keys of={id} />
                  </div>
                ))}
            </section>
          ))}
        </div>
      </DialogBody>
    </Dialog>
  )
}
