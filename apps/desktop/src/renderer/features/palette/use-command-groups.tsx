import { Search } from 'lucide-react'

import { type NamedCommand, commandTable } from '../../app/command-table.ts'
import { isAvailable, runCommand } from '../../app/commands.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Keys } from '../../ui/keys.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { type FoundGroup, type PaletteItem } from './palette-groups.ts'

/** Rows of a group while nothing is looked for yet. */
const FEW = 6

/** Commands that can run now and whose words match, in the table's order. */
export function useCommandGroups(wanted: string): FoundGroup[] {
  const t = useTranslate()
  const needle = foldText(wanted.trim())
  const found = commandTable().filter(
    ({ id, label, palette }) => palette && isAvailable(id) && foldText(t(label)).includes(needle),
  )
  const item = ({ id, label, icon = Search }: NamedCommand): PaletteItem => ({
    value: id,
    icon: <Icon of={icon} />,
    label: <MarkedText text={t(label)} wanted={wanted} />,
    end: <Keys of={id} />,
    run: () => runCommand(id),
  })
  const itemsOf = (...sections: NamedCommand['section'][]) =>
    found.filter(({ section }) => sections.includes(section)).map(item)
  const places = itemsOf('go', 'move')
  return [
    { heading: t('palette.conversation'), items: itemsOf('conversation', 'write') },
    { heading: t('palette.go'), items: needle === '' ? places.slice(0, FEW) : places },
    { heading: t('help.section.general'), items: itemsOf('general') },
  ]
}
