import { type NamedCommand, commandTable } from '../../app/command-table.ts'
import { isAvailable } from '../../app/commands.ts'
import { type Translate } from '../../i18n/translate.ts'
import { foldText } from '../../ui/fold-text.ts'

/** Commands that can run now and whose words match, in the table's order. */
export function paletteCommands(wanted: string, t: Translate): NamedCommand[] {
  const needle = foldText(wanted.trim())
  return commandTable().filter(
    ({ id, label, palette }) => palette && isAvailable(id) && foldText(t(label)).includes(needle),
  )
}
