import { expect, test } from 'vitest'

import { inTurn, type Placed } from './in-turn.ts'
import { type IntentOrder } from './intent-definition.ts'

interface Made extends Placed {
  order: IntentOrder
}

/** `ana:waiting`, `ana:refused:as_made`: whose conversation, in what state, in which order; in turn unless said. */
const made = (...intents: string[]): Made[] =>
  intents.map((words, index) => {
    const [conversation = '', state = 'waiting', order = 'in_turn'] = words.split(':')
    return {
      intent_id: String(index),
      conversation_id: conversation,
      state: state as Placed['state'],
      order: order as IntentOrder,
    }
  })

const turnsOf = (...intents: string[]): { ready: string[]; held: string[] } => {
  const { ready, held } = inTurn(made(...intents), ({ order }) => order)
  return { ready: ready.map(({ intent_id }) => intent_id), held: [...held] }
}

test('the first of each conversation may go, and whoever is behind it waits', () => {
  expect(turnsOf('ana:waiting', 'ana:waiting', 'leo:waiting', 'ana:waiting')).toEqual({
    ready: ['0', '2'],
    held: [],
  })
  expect(turnsOf('ana:sending', 'ana:waiting', 'leo:waiting').ready).toEqual(['2'])
})

test('what was refused is not overtaken in its conversation until its person has decided', () => {
  expect(turnsOf('ana:refused', 'ana:waiting', 'ana:waiting', 'leo:waiting')).toEqual({
    ready: ['3'],
    held: ['1', '2'],
  })
  // Sent again out of order, the later one waits for the earlier one all the same.
  expect(turnsOf('ana:refused', 'ana:waiting', 'ana:refused')).toEqual({ ready: [], held: ['1'] })
})

test('what depends on nothing that was refused goes on, in the order made', () => {
  expect(turnsOf('ana:refused', 'ana:waiting:as_made', 'ana:waiting:as_made')).toEqual({
    ready: ['1'],
    held: [],
  })
  expect(turnsOf('ana:refused:as_made', 'ana:waiting').ready).toEqual(['1'])
  expect(turnsOf('ana:waiting', 'ana:waiting:as_made', 'ana:waiting').ready).toEqual(['0'])
})

test('what is in no order waits for nobody, and nobody for it', () => {
  expect(turnsOf('ana:waiting', 'ana:waiting:any').ready).toEqual(['0', '1'])
  expect(turnsOf('ana:waiting:any', 'ana:waiting').ready).toEqual(['0', '1'])
  expect(turnsOf('ana:refused:any', 'ana:waiting').ready).toEqual(['1'])
})
