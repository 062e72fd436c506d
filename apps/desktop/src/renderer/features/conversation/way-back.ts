import type { ConversationView, InboxRow } from '@parley/contracts'

export type Undoable = 'close' | 'release' | 'transfer'

export type StepBack =
  | { kind: 'reopen' | 'claim' | 'takeOver' | 'release' }
  | { kind: 'assign'; userId: string }
  | { kind: 'toTeam'; teamId: string }

type Before = Pick<InboxRow, 'assignedTo' | 'teamId'>

/**
 * What brings a conversation back to where it was, once the server has done what is to be undone; null where this person
 * may not: then whoever has it now has to give it back.
 */
export function wayBack(
  done: Undoable,
  before: Before,
  now: Pick<ConversationView, 'row' | 'abilities'> | null,
  myId: string,
): StepBack[] | null {
  if (now === null) return null
  const { row, abilities } = now
  if (done === 'close') return abilities.reopen ? [{ kind: 'reopen' }] : null
  const toTeam: StepBack[] =
    before.teamId === null || row.teamId === before.teamId
      ? []
      : [{ kind: 'toTeam', teamId: before.teamId }]
  if (toTeam.length > 0 && !abilities.transfer) return null
  const isQueued = toTeam.length > 0 || row.assignedTo === null
  const toOwner = ownerBack(before.assignedTo, isQueued, abilities, myId)
  return toOwner === null ? null : [...toTeam, ...toOwner]
}

function ownerBack(
  owner: string | null,
  isQueued: boolean,
  abilities: ConversationView['abilities'],
  myId: string,
): StepBack[] | null {
  if (owner === null) return isQueued ? [] : abilities.release ? [{ kind: 'release' }] : null
  if (owner !== myId) return abilities.assign ? [{ kind: 'assign', userId: owner }] : null
  if (isQueued) return [{ kind: 'claim' }]
  return abilities.takeOver ? [{ kind: 'takeOver' }] : null
}
