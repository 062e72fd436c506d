import { type MessageId } from '../i18n/translate.ts'

/**
 * Every command with its keys: the one table that the key handler, the palette, the help sheet and the
 * labels on the buttons read.
 *
 * Keys: `Mod` is Ctrl, on macOS Cmd. Parts of a chord are joined by `+`, keys pressed one after the other
 * are separated by a space. Single letters act only while no text field has the focus.
 */
interface Command {
  id: string
  section: 'move' | 'go' | 'conversation' | 'write' | 'triage' | 'general'
  label: MessageId
  keys: readonly string[]
  /** What the sheet and the labels show, where it is not the first of `keys`. */
  shown?: readonly string[]
  /** Acts also while somebody types. */
  whileTyping?: true
  /**
   * `window`: the window's key handler runs it. `place`: the place that has the focus handles the key
   * itself (a list, the composer, a block) and the table only names it.
   */
  handledBy?: 'window' | 'place'
  /** Offered in the palette. */
  palette?: true
}

export const SHORTCUTS = [
  { id: 'list.down', section: 'move', label: 'command.list.down', keys: ['J'] },
  { id: 'list.up', section: 'move', label: 'command.list.up', keys: ['K'] },
  {
    id: 'list.open',
    section: 'move',
    label: 'command.list.open',
    keys: ['Enter'],
    handledBy: 'place',
  },
  {
    id: 'list.nextUnread',
    section: 'move',
    label: 'command.list.nextUnread',
    keys: ['U'],
    palette: true,
  },
  {
    id: 'list.dueFirst',
    section: 'move',
    label: 'command.list.dueFirst',
    keys: ['V'],
    palette: true,
  },
  {
    id: 'list.openNth',
    section: 'move',
    label: 'command.list.openNth',
    keys: ['Mod+1', 'Mod+2', 'Mod+3', 'Mod+4', 'Mod+5', 'Mod+6', 'Mod+7', 'Mod+8'],
    shown: ['Mod+1…8'],
    whileTyping: true,
  },
  { id: 'pane.next', section: 'move', label: 'command.pane.next', keys: ['F6'], whileTyping: true },
  {
    id: 'pane.previous',
    section: 'move',
    label: 'command.pane.previous',
    keys: ['Shift+F6'],
    whileTyping: true,
  },
  {
    id: 'history.back',
    section: 'move',
    label: 'command.history.back',
    keys: ['Alt+ArrowLeft'],
    whileTyping: true,
    palette: true,
  },

  { id: 'go.mine', section: 'go', label: 'command.go.mine', keys: ['G M'], palette: true },
  { id: 'go.queue', section: 'go', label: 'command.go.queue', keys: ['G Q'], palette: true },
  { id: 'go.open', section: 'go', label: 'command.go.open', keys: ['G O'], palette: true },
  { id: 'go.closed', section: 'go', label: 'command.go.closed', keys: ['G E'], palette: true },
  { id: 'go.waiting', section: 'go', label: 'command.go.waiting', keys: ['G P'], palette: true },
  { id: 'offer.focus', section: 'go', label: 'command.offer.focus', keys: ['G F'], palette: true },
  { id: 'go.watch', section: 'go', label: 'command.go.watch', keys: ['G L'], palette: true },
  { id: 'go.routing', section: 'go', label: 'command.go.routing', keys: ['G R'], palette: true },
  { id: 'go.triage', section: 'go', label: 'command.go.triage', keys: ['G I'], palette: true },
  {
    id: 'go.wallboard',
    section: 'go',
    label: 'command.go.wallboard',
    keys: ['G T'],
    palette: true,
  },
  { id: 'go.alerts', section: 'go', label: 'command.go.alerts', keys: ['G A'], palette: true },
  { id: 'go.sla', section: 'go', label: 'command.go.sla', keys: ['G N'], palette: true },
  {
    id: 'alert.focus',
    section: 'go',
    label: 'command.alert.focus',
    keys: ['Mod+Shift+A'],
    whileTyping: true,
    palette: true,
  },

  {
    id: 'conversation.claim',
    section: 'conversation',
    label: 'command.conversation.claim',
    keys: ['C'],
    palette: true,
  },
  // Not while typing: there it is what other programs send with, and nothing may surprise a writer.
  {
    id: 'queue.claimNext',
    section: 'conversation',
    label: 'command.queue.claimNext',
    keys: ['Mod+Enter'],
    palette: true,
  },
  {
    id: 'conversation.transfer',
    section: 'conversation',
    label: 'command.conversation.transfer',
    keys: ['T'],
    palette: true,
  },
  {
    id: 'conversation.assign',
    section: 'conversation',
    label: 'command.conversation.assign',
    keys: ['Shift+A'],
    palette: true,
  },
  {
    id: 'conversation.takeOver',
    section: 'conversation',
    label: 'command.conversation.takeOver',
    keys: ['Shift+T'],
    palette: true,
  },
  {
    id: 'conversation.release',
    section: 'conversation',
    label: 'command.conversation.release',
    keys: ['Shift+S'],
    palette: true,
  },
  {
    id: 'conversation.close',
    section: 'conversation',
    label: 'command.conversation.close',
    keys: ['E'],
    palette: true,
  },
  {
    id: 'conversation.reopen',
    section: 'conversation',
    label: 'command.conversation.reopen',
    keys: ['Shift+O'],
    palette: true,
  },
  {
    id: 'conversation.priority',
    section: 'conversation',
    label: 'command.conversation.priority',
    keys: ['P'],
    palette: true,
  },

  {
    id: 'alert.takeOver',
    section: 'conversation',
    label: 'command.alert.takeOver',
    keys: ['T'],
    handledBy: 'place',
  },
  {
    id: 'alert.open',
    section: 'conversation',
    label: 'command.alert.open',
    keys: ['O'],
    handledBy: 'place',
  },
  {
    id: 'alert.acknowledge',
    section: 'conversation',
    label: 'command.alert.acknowledge',
    keys: ['A'],
    handledBy: 'place',
  },

  {
    id: 'offer.accept',
    section: 'conversation',
    label: 'command.offer.accept',
    keys: ['A'],
    handledBy: 'place',
  },
  {
    id: 'offer.refuse',
    section: 'conversation',
    label: 'command.offer.refuse',
    keys: ['X'],
    handledBy: 'place',
  },
  {
    id: 'watch.assign',
    section: 'conversation',
    label: 'command.watch.assign',
    keys: ['Shift+A'],
    handledBy: 'place',
  },
  {
    id: 'watch.takeOver',
    section: 'conversation',
    label: 'command.watch.takeOver',
    keys: ['T'],
    handledBy: 'place',
  },

  {
    id: 'composer.focus',
    section: 'write',
    label: 'command.composer.focus',
    keys: ['R'],
    palette: true,
  },
  {
    id: 'composer.send',
    section: 'write',
    label: 'command.composer.send',
    keys: ['Enter'],
    handledBy: 'place',
  },
  {
    id: 'composer.line',
    section: 'write',
    label: 'command.composer.line',
    keys: ['Shift+Enter'],
    handledBy: 'place',
  },
  {
    id: 'composer.sendAndClose',
    section: 'write',
    label: 'command.composer.sendAndClose',
    keys: ['Mod+Shift+Enter'],
    handledBy: 'place',
  },
  {
    id: 'composer.canned',
    section: 'write',
    label: 'command.composer.canned',
    keys: ['/'],
    palette: true,
  },
  {
    id: 'composer.leave',
    section: 'write',
    label: 'command.composer.leave',
    keys: ['Escape'],
    handledBy: 'place',
  },
  {
    id: 'refused.edit',
    section: 'write',
    label: 'command.refused.edit',
    keys: ['E'],
    handledBy: 'place',
  },
  {
    id: 'refused.resend',
    section: 'write',
    label: 'command.refused.resend',
    keys: ['S'],
    handledBy: 'place',
  },
  {
    id: 'refused.discard',
    section: 'write',
    label: 'command.refused.discard',
    keys: ['D'],
    handledBy: 'place',
  },

  {
    id: 'triage.save',
    section: 'triage',
    label: 'command.triage.save',
    keys: ['Mod+S'],
    whileTyping: true,
    palette: true,
  },
  {
    id: 'triage.ruleUp',
    section: 'triage',
    label: 'command.triage.ruleUp',
    keys: ['Alt+ArrowUp'],
    handledBy: 'place',
  },
  {
    id: 'triage.ruleDown',
    section: 'triage',
    label: 'command.triage.ruleDown',
    keys: ['Alt+ArrowDown'],
    handledBy: 'place',
  },
  {
    id: 'triage.ruleSwitch',
    section: 'triage',
    label: 'command.triage.ruleSwitch',
    keys: ['O'],
    handledBy: 'place',
  },
  {
    id: 'triage.ruleRemove',
    section: 'triage',
    label: 'command.triage.ruleRemove',
    keys: ['Delete'],
    handledBy: 'place',
  },

  {
    id: 'palette.open',
    section: 'general',
    label: 'command.palette.open',
    keys: ['Mod+K'],
    whileTyping: true,
  },
  {
    id: 'search.open',
    section: 'general',
    label: 'command.search.open',
    keys: ['Mod+F'],
    whileTyping: true,
    palette: true,
  },
  {
    id: 'presence.open',
    section: 'general',
    label: 'command.presence.open',
    keys: ['Mod+.'],
    whileTyping: true,
    palette: true,
  },
  {
    id: 'panel.toggle',
    section: 'general',
    label: 'command.panel.toggle',
    keys: ['Mod+I'],
    whileTyping: true,
    palette: true,
  },
  {
    id: 'theme.toggle',
    section: 'general',
    label: 'command.theme.toggle',
    keys: ['Mod+Shift+L'],
    whileTyping: true,
    palette: true,
  },
  { id: 'help.open', section: 'general', label: 'command.help.open', keys: ['?'], palette: true },
] as const satisfies readonly Command[]

export type CommandId = (typeof SHORTCUTS)[number]['id']
export type ShortcutSection = Command['section']

const COMMANDS: ReadonlyMap<CommandId, Command> = new Map(
  SHORTCUTS.map((command) => [command.id, command]),
)

export function commandOf(id: CommandId): Command {
  const command = COMMANDS.get(id)
  if (!command) throw new Error(`no command ${id}`)
  return command
}

/** In the order of the help sheet. */
export const SHORTCUT_SECTIONS: readonly ShortcutSection[] = [
  'move',
  'go',
  'conversation',
  'write',
  'triage',
  'general',
]
