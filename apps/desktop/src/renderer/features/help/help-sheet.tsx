import { Search } from 'lucide-react'
import { startTransition, useOptimistic, useState } from 'react'

import { commandTable } from '../../app/command-table.ts'
import { type NamedCommand } from '../../contributions/contribution.ts'
import { keyLabels } from '../../app/keys.ts'
import { useIsForViewer } from '../../app/use-is-for-viewer.ts'
import { useIsNarrow } from '../../app/use-media-query.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { usePreferences } from '../../bridge/views.ts'
import { useDerived } from '../../contributions/registry.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { Check } from '../../ui/form/fields.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import styles from './help-sheet.module.css'
import { KeyLine } from './key-line.tsx'

/** All keys that are of use to this person, from the table that the key handler reads; and where they choose others. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const [wanted, setWanted] = useState('')
  const isNarrow = useIsNarrow()
  const isFor = useIsForViewer()
  const found = useDerived(commandTable).filter(
    (command) => isFor(command) && matches(command, t(command.label), wanted),
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
                .map((command) => (
                  <KeyLine key={command.id} command={command} wanted={wanted} />
                ))}
            </section>
          ))}
        </div>
        <OwnKeys />
      </DialogBody>
    </Dialog>
  )
}

/** By its words, or by its keys as one would type them. */
function matches({ id }: NamedCommand, label: string, wanted: string): boolean {
  const needle = foldText(wanted.trim())
  return foldText(label).includes(needle) || foldText(keyLabels(id).join(' ')) === needle
}

function OwnKeys() {
  const t = useTranslate()
  const ask = useAsk()
  const { keys, singleKeys } = usePreferences()
  const [isOn, setOn] = useOptimistic(singleKeys)
  const turn = (on: boolean) =>
    startTransition(async () => {
      setOn(on)
      await ask('preferences.set', { singleKeys: on })
    })
  return (
    <div className={styles.own}>
      <Check checked={isOn} onChange={turn}>
        {t('help.singleKeys')}
      </Check>
      <p className={text.meta}>{t('help.singleKeysWords')}</p>
      {Object.keys(keys).length > 0 && (
        <Button look="line" onClick={() => void ask('preferences.set', { keys: {} })}>
          {t('help.resetAll')}
        </Button>
      )}
    </div>
  )
}
