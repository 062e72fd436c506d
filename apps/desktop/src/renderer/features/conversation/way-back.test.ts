import type { Abilities, ConversationView } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { wayBack } from './way-back.ts'

const NOTHING: Abilities = {
  reply: false,
  claim: false,
  assign: false,
  transfer: false,
  release: false,
  takeOver: false,
  close: false,
  reopen: false,
  setPriority: false,
}
const EVERYTHING = Object.fromEntries(
  Object.keys(NOTHING).map((ability) => [ability, true]),
) as unknown as Abilities
const now = (assignedTo: string | null, teamId: string, abilities: Partial<Abilities>) =>
  ({
    row: { assignedTo, teamId },
    abilities: { ...NOTHING, ...abilities },
  }) as ConversationView

const mine = { assignedTo: 'me', teamId: 'sales' }

describe('the way back', () => {
  it('opens again what was closed, and claims what was released', () => {
    expect(wayBack('close', mine, now('me', 'sales', { reopen: true }), 'me')).toEqual([
      { kind: 'reopen' },
    ])
    expect(wayBack('release', mine, now(null, 'sales', { claim: true }), 'me')).toEqual([
      { kind: 'claim' },
    ])
  })

  it("gives a lead's transfer back to whoever had it, and to their team first", () => {
    expect(wayBack('transfer', mine, now('other', 'sales', EVERYTHING), 'me')).toEqual([
      { kind: 'takeOver' },
    ])
    const theirs = { assignedTo: 'ana', teamId: 'sales' }
    expect(wayBack('transfer', theirs, now(null, 'support', EVERYTHING), 'me')).toEqual([
      { kind: 'toTeam', teamId: 'sales' },
      { kind: 'assign', userId: 'ana' },
    ])
    const queued = { assignedTo: null, teamId: 'sales' }
    expect(wayBack('transfer', queued, now('ana', 'sales', EVERYTHING), 'me')).toEqual([
      { kind: 'release' },
    ])
  })

  it('is none where the server would refuse it, or the conversation is out of reach', () => {
    expect(wayBack('transfer', mine, now('other', 'sales', {}), 'me')).toBeNull()
    expect(wayBack('transfer', mine, now(null, 'support', {}), 'me')).toBeNull()
    expect(wayBack('transfer', mine, null, 'me')).toBeNull()
    expect(wayBack('close', mine, now('me', 'sales', {}), 'me')).toBeNull()
  })
})
