import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'offer.focus': { section: 'go', label: 'command.offer.focus', keys: ['G F'], palette: true },
  'offer.accept': {
    section: 'conversation',
    label: 'command.offer.accept',
    keys: ['A'],
    place: 'offer',
    order: 1,
  },
  'offer.refuse': {
    section: 'conversation',
    label: 'command.offer.refuse',
    keys: ['X'],
    place: 'offer',
    order: 1,
  },
} as const satisfies Commands
