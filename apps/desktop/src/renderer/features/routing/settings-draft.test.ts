import { routingSettings } from '@parley/contracts'
import { DEFAULT_ROUTING_SETTINGS } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import { NUMBER_FIELDS, type NumberKey, readNumber } from './number-fields.ts'
import { NUMBER_KEYS, fromDraft, refusedProblems, toDraft } from './settings-draft.ts'

const SUPPORT = '0190c1de-0000-7000-8000-000000000002'
const draft = toDraft(DEFAULT_ROUTING_SETTINGS)
const withNumber = (key: NumberKey, typed: string) =>
  fromDraft({ ...draft, numbers: { ...draft.numbers, [key]: typed } })

describe('the form', () => {
  it('is written in the units that people think in, and read back unchanged', () => {
    expect(draft.numbers).toMatchObject({
      offerSeconds: '30',
      stickySeconds: '7',
      relaxSkillsAfterSeconds: '',
      returnUnansweredSeconds: '10',
      reopenWindowSeconds: '24',
      pendingCustomerFraction: '0.25',
    })
    expect(fromDraft(draft)).toEqual({ value: DEFAULT_ROUTING_SETTINGS, problems: {} })
  })

  it('keeps the bounds of the wire', () => {
    const wire = (key: NumberKey, value: number): boolean => {
      const weights = DEFAULT_ROUTING_SETTINGS.channelWeights
      const settings =
        key === 'whatsappWeight'
          ? { channelWeights: { ...weights, whatsapp: value } }
          : key === 'chatAppWeight'
            ? { channelWeights: { ...weights, chat_app: value } }
            : { [key]: value }
      return routingSettings.safeParse({ ...DEFAULT_ROUTING_SETTINGS, ...settings }).success
    }
    for (const key of NUMBER_KEYS) {
      const { minimum, maximum, unit } = NUMBER_FIELDS[key]
      const step = unit === 'plain' ? 0.001 : 1
      expect([key, wire(key, minimum), wire(key, maximum)]).toEqual([key, true, true])
      expect([key, wire(key, minimum - step), wire(key, maximum + step)]).toEqual([
        key,
        false,
        false,
      ])
    }
  })

  it('says which number is wrong, and within what it may be', () => {
    expect(withNumber('offerSeconds', 'pronto').problems).toEqual({
      offerSeconds: { kind: 'not_a_number' },
    })
    expect(withNumber('offerSeconds', '').problems).toEqual({
      offerSeconds: { kind: 'not_a_number' },
    })
    expect(withNumber('stickySeconds', '91').problems).toEqual({
      stickySeconds: { kind: 'range', minimum: '0', maximum: '90' },
    })
  })

  it('reads fractions of a unit, with either sign for them', () => {
    expect(readNumber('stickySeconds', ' 0,5 ').value).toBe(43_200)
    expect(readNumber('overflowAfterSeconds', '1.5').value).toBe(90)
    expect(readNumber('whatsappWeight', '1.5').value).toBe(1.5)
    expect(readNumber('relaxSkillsAfterSeconds', '').value).toBeNull()
  })

  it('wants a team for what moves, and words for what is said', () => {
    expect(withNumber('overflowAfterSeconds', '5').problems).toEqual({
      overflowTeamId: { kind: 'team' },
    })
    expect(fromDraft({ ...draft, outOfHours: 'team' }).problems).toEqual({
      outOfHoursTeamId: { kind: 'team' },
    })
    expect(fromDraft({ ...draft, outOfHours: 'auto_reply', textEn: 'hi' }).problems).toEqual({
      textEs: { kind: 'text' },
    })
    expect(fromDraft({ ...draft, overflowTeamId: SUPPORT }).value?.overflowTeamId).toBeNull()
  })

  it('finds the field that the server refused', () => {
    const refused = { kind: 'refused' }
    expect(refusedProblems({ field: 'settings.offerSeconds' })).toEqual({ offerSeconds: refused })
    expect(refusedProblems({ field: 'settings.channelWeights.whatsapp' })).toEqual({
      whatsappWeight: refused,
    })
    expect([refusedProblems({ field: 'teamId' }), refusedProblems({})]).toEqual([null, null])
  })
})
