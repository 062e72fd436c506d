import type { RoutingSettings } from '@parley/domain'

import { type Reading } from '../../ui/form/editing.ts'
import {
  NUMBER_FIELDS,
  type NumberKey,
  type NumberProblem,
  readNumber,
  writeNumber,
} from './number-fields.ts'

/** The settings as they stand in the form: numbers as typed, so that a half-typed one is not lost. */
export interface SettingsDraft extends Pick<
  RoutingSettings,
  'mode' | 'strategy' | 'outOfHours' | 'overflowTeamId' | 'outOfHoursTeamId'
> {
  textEs: string
  textEn: string
  numbers: Record<NumberKey, string>
}

export type FieldKey = NumberKey | Exclude<keyof SettingsDraft, 'numbers'>
export type FieldProblem = NumberProblem | { kind: 'team' } | { kind: 'text' } | { kind: 'refused' }
export type Problems = Partial<Record<FieldKey, FieldProblem>>

const LONGEST_TEXT = 1000

export function toDraft(settings: RoutingSettings): SettingsDraft {
  const { mode, strategy, outOfHours, overflowTeamId, outOfHoursTeamId, outOfHoursText } = settings
  const stored = storedNumbers(settings)
  return {
    mode,
    strategy,
    outOfHours,
    overflowTeamId,
    outOfHoursTeamId,
    textEs: outOfHoursText.es ?? '',
    textEn: outOfHoursText.en ?? '',
    numbers: Object.fromEntries(
      NUMBER_KEYS.map((key) => [key, writeNumber(key, stored[key])]),
    ) as Record<NumberKey, string>,
  }
}

export const NUMBER_KEYS = Object.keys(NUMBER_FIELDS) as NumberKey[]

function storedNumbers(settings: RoutingSettings): Record<NumberKey, number | null> {
  return {
    ...settings,
    whatsappWeight: settings.channelWeights.whatsapp,
    chatAppWeight: settings.channelWeights.chat_app,
  }
}

/** The settings that the form stands for, or what is wrong with which field. */
export function fromDraft(draft: SettingsDraft): Reading<RoutingSettings, Problems> {
  const problems: Problems = {}
  const numbers = {} as Record<NumberKey, number | null>
  for (const key of NUMBER_KEYS) {
    const read = readNumber(key, draft.numbers[key])
    if (read.problem) problems[key] = read.problem
    numbers[key] = read.value
  }
  const overflows = numbers.overflowAfterSeconds !== null
  if (overflows && draft.overflowTeamId === null) problems.overflowTeamId = { kind: 'team' }
  if (draft.outOfHours === 'team' && draft.outOfHoursTeamId === null)
    problems.outOfHoursTeamId = { kind: 'team' }
  const [es, en] = [draft.textEs.trim(), draft.textEn.trim()]
  if (es.length > LONGEST_TEXT || (draft.outOfHours === 'auto_reply' && es === ''))
    problems.textEs = { kind: 'text' }
  if (en.length > LONGEST_TEXT) problems.textEn = { kind: 'text' }
  if (Object.keys(problems).length > 0) return { value: null, problems }
  // What may be left empty is null there; everything else has been found to be a number.
  const { whatsappWeight, chatAppWeight, ...whole } = numbers as Record<NumberKey, number>
  const { mode, strategy, outOfHours } = draft
  return {
    problems,
    value: {
      ...whole,
      mode,
      strategy,
      // A team without a time would never be used; the server keeps either both or none.
      overflowTeamId: overflows ? draft.overflowTeamId : null,
      outOfHours,
      outOfHoursTeamId: outOfHours === 'team' ? draft.outOfHoursTeamId : null,
      outOfHoursText: { ...(es === '' ? {} : { es }), ...(en === '' ? {} : { en }) },
      channelWeights: { whatsapp: whatsappWeight, chat_app: chatAppWeight },
    },
  }
}

const WIRE_NAMES: Record<string, FieldKey> = {
  'channelWeights.whatsapp': 'whatsappWeight',
  'channelWeights.chat_app': 'chatAppWeight',
  outOfHoursText: 'textEs',
  'outOfHoursText.es': 'textEs',
  'outOfHoursText.en': 'textEn',
}

/** The field that the server refused; null where it is none of the form's. */
export function refusedProblems({ field }: Record<string, unknown>): Problems | null {
  const key = fieldKey(field)
  return key && { [key]: { kind: 'refused' } }
}

function fieldKey(field: unknown): FieldKey | null {
  if (typeof field !== 'string') return null
  const name = field.replace(/^settings\./, '')
  const known = WIRE_NAMES[name]
  if (known) return known
  const all: readonly string[] = [
    ...NUMBER_KEYS,
    'mode',
    'strategy',
    'outOfHours',
    'overflowTeamId',
    'outOfHoursTeamId',
  ]
  return all.includes(name) ? (name as FieldKey) : null
}
