import { useDirectory, useMe } from '../bridge/views.ts'
import { type CommandId } from '../contributions/contributed.ts'
import { type NamedCommand, type RailEntry, type Viewer } from '../contributions/contribution.ts'
import { derived } from '../contributions/registry.ts'

const railEntries = derived(
  (contributions) =>
    new Map<CommandId, RailEntry>(
      contributions.flatMap(({ rail }) => rail ?? []).map((entry) => [entry.command, entry]),
    ),
)

/** Whether a command is ever of use to whoever looks: what is not theirs to do is not explained to them. */
export function useIsForViewer(): (command: NamedCommand) => boolean {
  const { role } = useMe()
  const { teams } = useDirectory()
  const viewer: Viewer = { role, teams }
  return ({ id, isFor }) => (isFor ?? railEntries().get(id)?.isFor)?.(viewer) ?? true
}
