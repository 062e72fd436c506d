import { DEFAULT_ALERT_PREFERENCES, isQuiet } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import {
  type PreferencesDraft,
  fromPreferencesDraft,
  toPreferencesDraft,
} from './preferences-draft.ts'

const quiet = { days: [4, 0], from: '22', to: '7:00', timeZone: 'America/Mexico_City' }
const draft: PreferencesDraft = {
  ...toPreferencesDraft(DEFAULT_ALERT_PREFERENCES),
  isQuiet: true,
  quiet,
}
const problem = (change: Partial<PreferencesDraft['quiet']>) =>
  fromPreferencesDraft({ ...draft, quiet: { ...quiet, ...change } }).problems.quiet

describe('how one wants to be told', () => {
  it('comes back from the form as it went in', () => {
    const stored = {
      ...DEFAULT_ALERT_PREFERENCES,
      quiet: { ...quiet, from: '22:00', to: '07:00', days: [0, 4] },
    }
    expect(fromPreferencesDraft(toPreferencesDraft(stored)).value).toEqual(stored)
  })

  it('has no quiet hours unless they are on, whatever stands in their fields', () => {
    const off = fromPreferencesDraft({ ...draft, isQuiet: false, quiet: { ...quiet, from: '' } })
    expect(off.value?.quiet).toBeNull()
  })

  it('takes times as people type them, and a night reaches into the next morning', () => {
    const stored = fromPreferencesDraft(draft).value?.quiet ?? null
    expect(stored).toEqual({ ...quiet, days: [0, 4], from: '22:00', to: '07:00' })
    // Saturday 28 November 2026, 06:00 in Mexico City: still Friday's night.
    expect(isQuiet(stored, Date.parse('2026-11-28T12:00:00Z'))).toBe(true)
    expect(isQuiet(stored, Date.parse('2026-11-28T14:00:00Z'))).toBe(false)
  })

  it('names what is wrong', () => {
    expect(problem({ from: 'noche' })).toBe('from')
    expect(problem({ to: '25:00' })).toBe('to')
    expect(problem({ to: '22:00' })).toBe('same')
    expect(problem({ days: [] })).toBe('days')
    expect(problem({ timeZone: 'America/Springfield' })).toBe('timeZone')
  })
})
