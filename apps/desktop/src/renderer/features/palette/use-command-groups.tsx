import { Search } from 'lucide-react'

import { commandTable } from '../../app/command-table.ts'
import { type NamedCommand } from '../../contributions/contribution.ts'
import { isAvailable, runCommand } from '../../app/commands.ts'
import { keyLabels } from '../../app/keys.ts'
import { type CommandId } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Keys } from '../../ui/keys.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { type FoundGroup, type PaletteItem } from './palette-groups.ts'

const CONVERSATION: readonly NamedCommand['section'][] = ['conversation', 'write']
const PLACES: readonly NamedCommand['section'][] = ['go', 'move']
/** Rows of a group while nothing is looked for yet. */
const FEW = 6

/** Commands that can run now and whose words match, in the table's order. */
export function useCommandGroups(wanted: string): FoundGroup[] {
  const t = useTranslate()
  const needle = foldText(wanted.trim())
  // By its keys, too: whoever types them here wants what they do.
  const isKeyOf = (id: CommandId) => foldText(keyLabels(id).join(' ')) === needle
  const found = commandTable().filter(
    ({ id, label, palette }) =>
      palette && isAvailable(id) && (foldText(t(label)).includes(needle) || isKeyOf(id)),
  )
  const item = ({ id, label, icon = Search }: NamedCommand): PaletteItem => ({
    value: id,
    icon: <Icon of={icon} />,
    label: <MarkedText text={t(label)} wanted={wanted} />,
    end: <Keys of={id} />,
    run: () => runCommand(id),
  })
  const inConversation = found.filter(({ section }) => CONVERSATION.includes(section))
  const places = found.filter(({ section }) => PLACES.includes(section))
  const general = found.filter((one) => !inConversation.includes(one) && !places.includes(one))
  return [
    { heading: t('palette.conversation'), items: inConversation.map(item) },
    {
      heading: t('palette.go'),
      items: (needle === '' ? places.slice(0, FEW) : places).map(item),
    },
    { heading: t('help.section.general'), items: general.map(item) },
  ]
}
