import { type CommandId } from '../contributions/contributed.ts'
import { type Opens } from '../contributions/contribution.ts'
import { derived, useDerived } from '../contributions/registry.ts'
import { useCommand } from './commands.ts'
import { useViewState } from './view-state.ts'

const openings = derived((contributions) =>
  contributions.flatMap(({ opens }) => Object.entries(opens ?? {}) as [CommandId, Opens][]),
)

/** Offers the commands that do nothing but open something. */
export function Openers() {
  return useDerived(openings).map(([id, what]) => <Opener key={id} id={id} what={what} />)
}

function Opener({ id, what }: { id: CommandId; what: Opens }) {
  useCommand(id, () => open(what))
  return null
}

function open(what: Opens): void {
  const { showScreen, openDialog, setSheet, sheet } = useViewState.getState()
  if ('screen' in what) showScreen(what.screen)
  else if ('dialog' in what) openDialog(what.dialog)
  else setSheet(sheet === what.sheet ? null : what.sheet)
}
