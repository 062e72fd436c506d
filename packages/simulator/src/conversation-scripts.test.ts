import { classifyMessage } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import { CONVERSATION_SCRIPTS, fillIn, inventParticulars } from './conversation-scripts.ts'
import { createRandom } from './random.ts'
import { suggestAnswer } from './suggest-answer.ts'

const TEAMS = ['sales', 'support', 'customer_service'].map((slug) => ({ id: slug, slug }))

describe('conversation scripts', () => {
  it.each(CONVERSATION_SCRIPTS)('$id is placed by its first line', ({ team, language, turns }) => {
    const first = turns[0]?.customer[0]
    expect(first?.kind).toBe('text')
    const text =
      first?.kind === 'text' ? fillIn(first.text, inventParticulars(createRandom('x'))) : ''
    const decision = classifyMessage(text, TEAMS, 'nobody')
    expect([decision.teamId, decision.language]).toEqual([team, language])
  })

  it.each(CONVERSATION_SCRIPTS)(
    '$id has an answer to each of its lines, with the same particulars',
    (script) => {
      const random = createRandom(script.id)
      const particulars = inventParticulars(random)
      for (const turn of script.turns) {
        for (const line of turn.customer) {
          const text =
            line.kind === 'text' ? line.text : line.kind === 'image' ? line.caption : null
          if (text === null) continue
          const answer = suggestAnswer(fillIn(text, particulars), random)
          expect(answer.closes).toBe(false)
          expect(answer.text).not.toMatch(/[{}]/)
          const keepsOrder = text.includes('{order}') && turn.agent.includes('{order}')
          expect(answer.text).toContain(keepsOrder ? particulars.order : '')
        }
      }
      expect(suggestAnswer(script.thanks, random)).toMatchObject({ closes: true })
    },
  )

  it('has something to say to words that it does not know', () => {
    expect(suggestAnswer('¿?', createRandom('a')).closes).toBe(false)
    expect(suggestAnswer(null, createRandom('a')).text).not.toBe('')
  })
})
