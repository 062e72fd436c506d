import { describe, expect, it } from 'vitest'

import {
  type KeyMeaning,
  KEY_PAUSE_MS,
  type Stroke,
  TypingRun,
  WRITING_PAUSE_MS,
} from './typing-run.ts'

/** As on a Mexican keyboard with the workstation's commands: the letters that act, and those that write alone. */
const meaningOf = (text: string): KeyMeaning =>
  'jk'.includes(text)
    ? 'repeats'
    : text === 'g'
      ? 'begins'
      : 'rctselpuvST/?'.includes(text)
        ? 'command'
        : 'nothing'

function atTheKeys(run = new TypingRun()) {
  let at = 1000
  let before = ''
  return {
    run,
    press: (text: string, afterMs: number, more: Partial<Stroke> = {}) => {
      at += afterMs
      const completes = `${before}${text}` === 'gm'
      before = text
      return run.stroke({ text, at, meaning: meaningOf(text), completes, isHeld: false, ...more })
    },
    now: () => at,
  }
}

/** What is typed goes somewhere as words; what had to wait goes along. */
function written(sentence: string, eachMs: number): { words: string; acted: string } {
  const { press } = atTheKeys()
  let words = ''
  let acted = ''
  for (const letter of sentence) {
    const verdict = press(letter, eachMs)
    if (verdict.kind === 'write') words += verdict.text
    if (verdict.kind === 'act') acted += letter
  }
  return { words, acted }
}

describe('a sentence typed while nothing takes it', () => {
  const sentences = [
    'Perfecto, gracias',
    'Sí, con gusto le ayudo',
    'Todo listo, ya quedó',
    'gracias por esperar',
    '¿Me regala su folio?',
    'Juan, see you tomorrow',
    'kindly send it again',
    'recibido',
    'gmail no me deja entrar',
    'Él lo revisó',
  ]
  for (const eachMs of [40, 80, 120]) {
    it(`is written whole, at ${eachMs} ms a key`, () => {
      for (const sentence of sentences) expect(written(sentence, eachMs).words).toBe(sentence)
    })
  }

  it('does nothing but move a mark, and that only with its first letter', () => {
    for (const sentence of sentences) expect(written(sentence, 80).acted).toMatch(/^[jk]?$/)
  })
})

describe('a single key', () => {
  it('waits until it cannot be the first of a word', () => {
    const { press } = atTheKeys()
    expect(press('t', 5000)).toEqual({ kind: 'wait' })
    // The next one comes late: both are commands.
    expect(press('c', KEY_PAUSE_MS + 1)).toEqual({ kind: 'wait' })
  })

  it('never acts within a word, however its writer hesitates', () => {
    const { press } = atTheKeys()
    press('h', 5000)
    press('o', 90)
    expect(press('t', WRITING_PAUSE_MS - 1)).toEqual({ kind: 'write', text: 't' })
    expect(press('t', WRITING_PAUSE_MS + 1)).toEqual({ kind: 'wait' })
  })

  it('is no command while it is held down', () => {
    const { press } = atTheKeys()
    press('t', 5000)
    expect(press('t', 30, { isHeld: true })).toEqual({ kind: 'ignore' })
  })

  it('goes through a list as fast as one can press it, and then acts', () => {
    const { press } = atTheKeys()
    expect(press('j', 5000)).toEqual({ kind: 'act' })
    expect(press('j', 90)).toEqual({ kind: 'act' })
    expect(press('k', 30, { isHeld: true })).toEqual({ kind: 'act' })
    expect(press('c', 90)).toEqual({ kind: 'wait' })
  })

  it('may begin a sequence, fast or slow, and the sequence may begin a word', () => {
    const { press } = atTheKeys()
    expect(press('g', 5000)).toEqual({ kind: 'wait' })
    expect(press('m', 60)).toEqual({ kind: 'wait' })
    expect(press('a', 60)).toEqual({ kind: 'write', text: 'gma' })
  })

  it('goes on with what was typed in a field that is not there any more', () => {
    const { run, press, now } = atTheKeys()
    run.typed(now())
    expect(press('t', 80)).toEqual({ kind: 'write', text: 't' })
    run.end()
    expect(press('t', 80)).toEqual({ kind: 'wait' })
  })
})
