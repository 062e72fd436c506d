import { type es } from './words.es.ts'

export const en = {
  'command.help.open': 'Keyboard shortcuts',

  'help.change': 'Change the shortcut for “{command}”, now {keys}',
  'help.changeNone': 'Set a shortcut for “{command}”',
  'help.leave': 'Leave as it was',
  'help.noKeys': 'No shortcut',
  'help.none': 'No shortcut matches.',
  'help.press': 'Press the new keys for “{command}”',
  'help.pressNow': 'Press the keys…',
  'help.remove': 'Remove the shortcut',
  'help.reserved': 'That key belongs to the window or the system.',
  'help.reset': 'Reset',
  'help.resetAll': 'Reset all shortcuts',
  'help.search': 'Search shortcuts',
  'help.singleKeys': 'Single-key shortcuts',
  'help.singleKeysWords':
    'When off, letters and signs on their own do nothing; shortcuts with Ctrl, Alt and the function keys remain. These changes apply to this computer.',
  'help.takeAway': 'Take it and use it here',
  'help.switchedOff': 'Single-key shortcuts are off. Turn them on, or try Ctrl or Alt.',
  'help.taken': 'Already used by “{command}”.',
  'help.title': 'Keyboard shortcuts',
  'help.writes': 'You need that key for typing. Try Ctrl, Alt or a function key.',
} satisfies Record<keyof typeof es, string>
