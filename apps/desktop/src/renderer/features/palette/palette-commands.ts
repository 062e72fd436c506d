import { isAvailable } from '../../app/commands.ts'
import { type CommandId, SHORTCUTS, type ShortcutSection } from '../../app/shortcuts.ts'
import { type Translate } from '../../i18n/translate.ts'
import { foldText } from './fold-text.ts'

export interface PaletteCommand {
  id: CommandId
  section: ShortcutSection
  label: string
}

/** Commands that can run now and whose words match, in the table's order. */
export function paletteCommands(wanted: string, t: Translate): PaletteCommand[] {
  const needle = foldText(wanted.trim())
  return SHORTCUTS.filter((command) => 'palette' in command && isAvailable(command.id))
    .map((command) => ({ id: command.id, section: command.section, label: t(command.label) }))
    .filter(({ label }) => foldText(label).includes(needle))
}
