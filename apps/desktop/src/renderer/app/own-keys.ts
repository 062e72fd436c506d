import { type CommandId } from '../contributions/contributed.ts'
import { isTextEditing } from './text-editing.ts'
import { type NamedCommand } from '../contributions/contribution.ts'

/** What a person chose instead of a command's own keys. */
export interface OwnKeys {
  readonly keys: Readonly<Record<string, readonly string[]>>
  /** Whether letters and signs by themselves are commands. */
  readonly singleKeys: boolean
}

export const AS_DELIVERED: OwnKeys = { keys: {}, singleKeys: true }

/** Why a command cannot have a key. */
export type KeyProblem =
  | { kind: 'taken'; by: CommandId }
  /** Somebody who types needs it. */
  | { kind: 'writes' }
  /** The window's or the system's own. */
  | { kind: 'reserved' }

const LEAVES = ['Tab', 'Shift+Tab', 'Escape', 'Enter', 'Backspace', 'Delete']
const OF_THE_WINDOW = ['Mod+Q', 'Mod+W', 'Mod+R', 'Mod+0', 'Mod+H', 'Mod+M', 'F11', 'Alt+F4']
const ZOOMS = ['Mod++', 'Mod+=', 'Mod+-']
/** Of what is selected, wherever that is: whoever copies from a message must not have done something to it. */
const OF_A_SELECTION = ['Mod+A', 'Mod+C', 'Mod+V', 'Mod+X', 'Mod+Shift+V']
const AS_OF_OLD = ['Mod+Insert', 'Shift+Insert', 'Shift+Delete']
/** What is told where a key cannot be told, or belongs to the keyboard itself. */
const NO_KEYS = ['Unidentified', 'Process', 'Dead', 'Compose', 'NumLock', 'ScrollLock']
const RESERVED = new Set([LEAVES, OF_THE_WINDOW, ZOOMS, OF_A_SELECTION, AS_OF_OLD, NO_KEYS].flat())
/** A blank presses what has the focus; and between two keys it says that one follows the other. */
const BLANK = /^((Mod|Alt|Shift)\+)*$/
const MOVES = /^(Shift\+)?(Arrow|Page|Home$|End$|ContextMenu$|F10$)/

export const firstOf = (keys: string) => keys.split(' ')[0] ?? keys

/** A letter, a digit or a sign by itself, also as part of a sequence. */
export const isSingle = (keys: string) =>
  keys.split(' ').some((chord) => /^(Shift\+)?.$/u.test(chord))

/** A command that has exactly one key, and not one that its place cannot be without. */
export const canHaveOthers = ({ keys, isFixed }: NamedCommand) => keys.length === 1 && !isFixed

/**
 * The table with what somebody chose. Where two would have one key, who chose it has it: a key that a new version brings
 * takes nothing from anybody. So there is no choice that the table could not be made with.
 */
export function withOwnKeys(
  table: readonly NamedCommand[],
  { keys: chosen, singleKeys }: OwnKeys,
  isMac: boolean,
): readonly NamedCommand[] {
  const ofCommand = (command: NamedCommand) => {
    const own = canHaveOthers(command) ? chosen[command.id] : undefined
    // Whoever wrote it into the file by hand is told nothing, and types in peace.
    return own?.some((keys) => hindrance(command, keys, isMac) !== null) ? undefined : own
  }
  const settled: NamedCommand[] = []
  const settle = (command: NamedCommand, wanted: readonly string[], isChosen: boolean) => {
    const keys = wanted.filter(
      (one) =>
        (singleKeys || !isSingle(one)) && collision(settled, command, one, isChosen) === null,
    )
    const isAsDelivered = keys.length === command.keys.length && !isChosen
    const { shown, ...rest } = command
    settled.push({
      ...rest,
      keys,
      ...(isAsDelivered && shown !== undefined && { shown }),
      ...(isChosen && command.place !== undefined && { shadows: true }),
    })
  }
  for (const command of table) {
    const own = ofCommand(command)
    if (own !== undefined) settle(command, own, true)
  }
  for (const command of table) {
    if (ofCommand(command) === undefined) settle(command, command.keys, false)
  }
  const byId = new Map(settled.map((command) => [command.id, command]))
  return table.map((command) => byId.get(command.id) ?? command)
}

/** Why a person cannot have this key for this command; null: they can. */
export function problemWith(
  table: readonly NamedCommand[],
  command: NamedCommand,
  keys: string,
  isMac: boolean,
): KeyProblem | null {
  const problem = hindrance(command, keys, isMac)
  if (problem !== null) return problem
  const by = collision(
    table.filter(({ id }) => id !== command.id),
    command,
    keys,
    true,
  )
  return by === null ? null : { kind: 'taken', by }
}

/** Why no command of its place may have this key, whoever else has it. */
function hindrance(command: NamedCommand, keys: string, isMac: boolean): KeyProblem | null {
  const isInField = command.place === 'composer'
  if ((command.whileTyping || isInField) && (isSingle(keys) || writes(keys, isMac)))
    return { kind: 'writes' }
  for (const chord of keys.split(' ')) {
    const isEnter = isInField && chord === 'Enter'
    if (!isEnter && (RESERVED.has(chord) || MOVES.test(chord) || BLANK.test(chord)))
      return { kind: 'reserved' }
  }
  return null
}

function writes(keys: string, isMac: boolean): boolean {
  const parts = keys.split('+')
  const has = (name: string) => parts.includes(name)
  const key = parts.at(-1) ?? ''
  return isTextEditing(
    {
      key: key.length === 1 ? key.toLowerCase() : key,
      ctrlKey: has('Mod') && !isMac,
      metaKey: has('Mod') && isMac,
      altKey: has('Alt'),
      shiftKey: has('Shift'),
    },
    isMac,
  )
}

/**
 * Who stands in the way of a key: another one of the same place, or one with which it would not be clear whether a key
 * acts or begins a sequence. A place may have the window's key where somebody chose so.
 */
function collision(
  others: readonly NamedCommand[],
  own: NamedCommand,
  keys: string,
  isChosen: boolean,
): CommandId | null {
  const begins = keys.includes(' ')
  const clashing = others.find((other) =>
    other.keys.some((one) => {
      const isSamePlace = other.place === own.place
      if (one === keys) return isSamePlace || !mayShadow(other, own, isChosen)
      if (begins && own.place === undefined && firstOf(keys) === one) return true
      return one.includes(' ') && other.place === undefined && firstOf(one) === keys
    }),
  )
  return clashing?.id ?? null
}

/** Of two in different places: whether that which is not the window's may have the window's key. */
function mayShadow(other: NamedCommand, own: NamedCommand, isChosen: boolean): boolean {
  if (other.place !== undefined && own.place !== undefined) return true
  return isChosen || other.shadows === true || own.shadows === true
}
