import { useState } from 'react'

import { deliveredTable } from '../../app/command-table.ts'
import { type NamedCommand } from '../../contributions/contribution.ts'
import { canHaveOthers } from '../../app/own-keys.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { usePreferences } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { KeyCaps, Keys } from '../../ui/keys.tsx'
import { keyLabels } from '../../app/keys.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import styles from './help-sheet.module.css'
import { KeyCapture } from './key-capture.tsx'

/** A command with its keys, which can be others where it can do without its own. */
export function KeyLine({ command, wanted }: { command: NamedCommand; wanted: string }) {
  const t = useTranslate()
  const [isChanging, setChanging] = useState(false)
  const choose = useChooseKeys()
  const { keys: chosen } = usePreferences()
  const { id, label } = command
  const delivered = deliveredTable().find((one) => one.id === id)
  const words = <MarkedText text={t(label)} wanted={wanted} />
  if (delivered === undefined || !canHaveOthers(delivered))
    return (
      <div className={styles.line}>
        <span>{words}</span>
        <Keys of={id} />
      </div>
    )
  const isOwn = Object.hasOwn(chosen, id)
  const done = (change: Change) => {
    setChanging(false)
    choose(change)
  }
  const labels = keyLabels(id)
  return (
    <div className={styles.changeable} data-command={id}>
      <div className={styles.line}>
        <span>{words}</span>
        {isOwn && (
          <LinkButton onClick={() => done({ [id]: null })}>
            {t('help.reset')}
            <OnlyRead>{t(label)}</OnlyRead>
          </LinkButton>
        )}
        <button
          type="button"
          className={styles.keys}
          aria-expanded={isChanging}
          onClick={() => setChanging(!isChanging)}
        >
          <span aria-hidden="true">
            {labels.length === 0 ? t('help.noKeys') : <KeyCaps labels={labels} />}
          </span>
          <OnlyRead>
            {t(labels.length === 0 ? 'help.changeNone' : 'help.change', {
              command: t(label),
              keys: labels.join(' '),
            })}
          </OnlyRead>
        </button>
      </div>
      {isChanging && (
        <KeyCapture
          command={{ ...delivered, ...command }}
          onCancel={() => setChanging(false)}
          onRemove={labels.length === 0 ? null : () => done({ [id]: [] })}
          onChosen={(keys, takenFrom) =>
            done({
              [id]: keys === delivered.keys[0] ? null : [keys],
              ...(takenFrom !== undefined && { [takenFrom]: [] }),
            })
          }
        />
      )}
    </div>
  )
}

/** By command; null: its own again. */
type Change = Readonly<Record<string, readonly string[] | null>>

function useChooseKeys(): (change: Change) => void {
  const ask = useAsk()
  const { keys } = usePreferences()
  return (change) => {
    const entries = Object.entries({ ...keys, ...change })
    const next = Object.fromEntries(
      entries.flatMap(([id, own]) => (own === null ? [] : [[id, [...own]]])),
    )
    void ask('preferences.set', { keys: next })
  }
}
