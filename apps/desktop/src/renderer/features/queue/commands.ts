import { mayEver } from '@parley/domain'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.watch': { section: 'go', label: 'command.go.watch', keys: ['G L'], palette: true },
  'watch.assign': {
    section: 'conversation',
    label: 'command.watch.assign',
    keys: ['Shift+A'],
    place: 'list',
    shadows: true,
    order: 1,
    isFor: ({ role }) => mayEver(role, 'queue.watch'),
  },
  'watch.takeOver': {
    section: 'conversation',
    label: 'command.watch.takeOver',
    keys: ['T'],
    place: 'list',
    shadows: true,
    order: 1,
    isFor: ({ role }) => mayEver(role, 'queue.watch'),
  },
} as const satisfies Commands
