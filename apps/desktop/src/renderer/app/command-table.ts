import { type CommandId } from '../contributions/contributed.ts'
import {
  type Command,
  type Contribution,
  type NamedCommand,
} from '../contributions/contribution.ts'
import { changed, derived, inOrder } from '../contributions/registry.ts'
import { isMac } from './platform.ts'
import { AS_DELIVERED, firstOf, withOwnKeys, type OwnKeys } from './own-keys.ts'

/**
 * Every command with its keys: the one table that the key handler, the palette, the help sheet and the labels
 * on the buttons read. In its order they are shown, section by section.
 * @throws where a key would not be clear about what it does
 */
export function tableOf(contributions: readonly Contribution[]): readonly NamedCommand[] {
  const named = contributions.flatMap(({ commands }) =>
    Object.entries(commands ?? {}).map(([id, command]) => ({ ...command, id: id as CommandId })),
  )
  refuseDoubles(named)
  refuseUnclear(named)
  const sections = [...new Set(named.map(({ section }) => section))]
  return sections.flatMap((section) =>
    inOrder(named.filter((command) => command.section === section)),
  )
}

let own = AS_DELIVERED

/** A person chose other keys: whatever shows or reads keys has them at once. */
export function setOwnKeys(chosen: OwnKeys): void {
  own = chosen
  changed()
}

/** As the person at this workstation has them. */
export const commandTable = derived((contributions) =>
  withOwnKeys(tableOf(contributions), own, isMac),
)
/** As they are delivered. */
export const deliveredTable = derived(tableOf)

const byId = derived(() => new Map(commandTable().map((command) => [command.id, command])))

export function commandOf(id: CommandId): Command {
  const command = byId().get(id)
  if (!command) throw new Error(`no command ${id}`)
  return command
}

const whereOf = ({ place }: Command) => place ?? 'window'

/** One name, one command; in one place one key does one thing. */
function refuseDoubles(commands: readonly NamedCommand[]): void {
  const taken = new Map<string, string>()
  const take = (what: string, id: string) => {
    const other = taken.get(what)
    if (other !== undefined) throw new Error(`${id} and ${other} both have ${what}`)
    taken.set(what, id)
  }
  for (const command of commands) {
    take(`the name ${command.id}`, command.id)
    for (const keys of command.keys) take(`${keys} in the ${whereOf(command)}`, command.id)
  }
}

/** The first key of a sequence does nothing by itself, and a place takes a key from the window only where it says so. */
function refuseUnclear(commands: readonly NamedCommand[]): void {
  const ofWindow = commands.filter(({ place }) => place === undefined).flatMap(({ keys }) => keys)
  const begins = new Set(ofWindow.filter((keys) => keys.includes(' ')).map(firstOf))
  for (const { id, place, keys, shadows = false } of commands) {
    const ofBoth = keys.find((one) =>
      place === undefined ? begins.has(one) : begins.has(one) || ofWindow.includes(one),
    )
    if ((ofBoth !== undefined) === shadows) continue
    throw new Error(
      shadows ? `${id} shadows no key of the window` : `${id} shadows ${ofBoth} of the window`,
    )
  }
}
