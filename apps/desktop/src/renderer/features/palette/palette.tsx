import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useState } from 'react'

import { runCommand } from '../../app/commands.ts'
import { useOpenConversation } from '../../app/use-open-conversation.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import commandList from '../../ui/command-list.module.css'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { KeyCaps, Keys } from '../../ui/keys.tsx'
import { Pill } from '../../ui/pill.tsx'
import text from '../../ui/text.module.css'
import { type FoundGroup, paletteGroups } from './palette-groups.ts'
import styles from './palette.module.css'
import { useCommandGroups } from './use-command-groups.tsx'

interface PaletteProps {
  scope: 'everything' | 'messages'
  onClose: () => void
}

/** Everything one can do or go to, and everything that was ever written, by typing. */
export function Palette({ scope, onClose }: PaletteProps) {
  const t = useTranslate()
  const [wanted, setWanted] = useState('')
  const open = useOpenConversation()
  const offline = useConnection()?.state === 'offline'
  const isTyped = wanted.trim() !== ''
  const commands = useCommandGroups(wanted)
  const found = useFoundGroups(wanted, scope)
  const groups = scope === 'messages' ? found : [...commands, ...found]
  const values = groups.flatMap(({ items }) => items.map(({ value }) => value))
  // Hits come later than the words: the first of what is there now is chosen until a hand chooses.
  const [byHand, setByHand] = useState<string | null>(null)
  const chosen = byHand !== null && values.includes(byHand) ? byHand : (values[0] ?? '')

  // The dialog gives the focus back first; what runs may then move it.
  const closeThen = (run: () => void) => {
    onClose()
    requestAnimationFrame(run)
  }
  const title = t(scope === 'messages' ? 'palette.search' : 'palette.title')
  return (
    <Dialog title={title} width={640} showHeading={false} onClose={onClose}>
      <Command
        shouldFilter={false}
        value={chosen}
        onValueChange={setByHand}
        label={title}
        loop
        className={commandList.command}
      >
        <div className={commandList.input}>
          <Icon of={Search} size={18} />
          <Command.Input
            autoFocus
            value={wanted}
            onValueChange={(words) => {
              setWanted(words)
              setByHand(null)
            }}
            placeholder={t(
              scope === 'messages'
                ? 'palette.searchPlaceholder'
                : offline
                  ? 'find.offline'
                  : 'find.online',
            )}
          />
          {scope === 'everything' && open && <Pill look="line">{open.row.title}</Pill>}
        </div>
        <Command.List className={commandList.list} label={title}>
          {groups.map((group, index) => (
            <Group key={index} group={group} onRun={closeThen} />
          ))}
          {isTyped && !found.some(({ isBusy }) => isBusy) && (
            <Command.Empty className={styles.empty}>
              <strong>{t('palette.nothing')}</strong>
              {t(offline ? 'palette.nothingOffline' : 'palette.nothingWords')}
            </Command.Empty>
          )}
          {scope === 'messages' && !isTyped && (
            <div className={styles.empty}>{t('palette.searchHint')}</div>
          )}
        </Command.List>
        <div className={commandList.bottom}>
          <span aria-hidden="true">
            <KeyCaps labels={['↑', '↓']} /> {t('keys.choose')}
          </span>
          <span aria-hidden="true">
            <KeyCaps labels={['⏎']} /> {t('keys.open')}
          </span>
          <span aria-hidden="true">
            <KeyCaps labels={['Esc']} /> {t('keys.close')}
          </span>
          <button type="button" onClick={() => closeThen(() => runCommand('help.open'))}>
            <Keys of="help.open" /> {t('palette.allShortcuts')}
          </button>
        </div>
      </Command>
    </Dialog>
  )
}

/** What the features find, in their order. */
function useFoundGroups(wanted: string, scope: PaletteProps['scope']): FoundGroup[] {
  const [groups] = useState(paletteGroups)
  const found: FoundGroup[] = []
  for (const { isOfMessages, useFound } of groups) {
    const isLookedFor = scope === 'everything' || isOfMessages === true
    // oxlint-disable-next-line react/hooks -- the same groups at every drawing, so their hooks keep their order
    found.push(useFound(isLookedFor ? wanted : ''))
  }
  return found
}

interface GroupProps {
  group: FoundGroup
  onRun: (run: () => void) => void
}

function Group({ group: { heading, items, note }, onRun }: GroupProps) {
  if (items.length === 0) return null
  return (
    <Command.Group heading={heading} className={styles.group}>
      {items.map(({ value, icon, label, detail, end, run }) => (
        <Command.Item
          key={value}
          value={value}
          className={commandList.item}
          onSelect={() => onRun(run)}
        >
          {icon}
          <span className={classNames(text.cut, detail !== undefined && styles.label)}>
            {label}
          </span>
          {detail && <span className={classNames(text.grow, text.cut, text.meta)}>{detail}</span>}
          {end && <span className={styles.end}>{end}</span>}
        </Command.Item>
      ))}
      {note && <p className={styles.note}>{note}</p>}
    </Command.Group>
  )
}
