import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.triage': { section: 'go', label: 'command.go.triage', keys: ['G I'], palette: true },
  'triage.ruleUp': {
    section: 'triage',
    label: 'command.triage.ruleUp',
    keys: ['Alt+ArrowUp'],
    place: 'rule',
  },
  'triage.ruleDown': {
    section: 'triage',
    label: 'command.triage.ruleDown',
    keys: ['Alt+ArrowDown'],
    place: 'rule',
  },
  'triage.ruleSwitch': {
    section: 'triage',
    label: 'command.triage.ruleSwitch',
    keys: ['O'],
    place: 'rule',
  },
  'triage.ruleRemove': {
    section: 'triage',
    label: 'command.triage.ruleRemove',
    keys: ['Delete'],
    place: 'rule',
  },
} as const satisfies Commands
