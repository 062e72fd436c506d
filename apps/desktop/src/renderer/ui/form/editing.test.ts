import type { AppError, BridgeResult } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import {
  type EditingState,
  type Place,
  type Stored,
  UNTOUCHED,
  canSave,
  isConflict,
  isEqual,
  isUnsaved,
  leave,
  save,
  standing,
  theirVersion,
  typeIn,
} from './editing.ts'

type State = EditingState<string, { field: string }>

/** A server that keeps a word with its version, and a form over it. */
function form(word = 'one') {
  const server = { word, version: 1, isReachable: true, refuses: null as string | null }
  let shown: Stored<string> = { draft: server.word, version: server.version }
  let state: State = UNTOUCHED
  const place: Place<string, { field: string }> = {
    now: () => state,
    set: (next) => {
      state = next(state)
    },
  }
  const readAgain = () => {
    shown = { draft: server.word, version: server.version }
  }
  const send = async (value: string, basedOn: number): Promise<BridgeResult<number>> => {
    const fail = (code: AppError['code'], details = {}) => ({
      ok: false as const,
      error: { code, details },
    })
    if (!server.isReachable) return fail('server_unreachable')
    if (server.refuses !== null) return fail('invalid_input', { field: server.refuses })
    if (basedOn !== server.version)
      return fail('conflict', { version: server.version, by: 'paola' })
    Object.assign(server, { word: value, version: server.version + 1 })
    return { ok: true, value: server.version }
  }
  const type = (draft: string) => place.set((now) => typeIn(now, draft, shown, isEqual))
  const saveOver = (basedOn?: number) => {
    const draft = state.typed?.draft ?? shown.draft
    return save(place, {
      draft,
      value: draft,
      basedOn: basedOn ?? state.typed?.basedOn ?? shown.version,
      send,
      take: (version) => {
        readAgain()
        return version
      },
      readAgain,
      refusedProblems: ({ field }) => (field === 'word' ? { field } : null),
    })
  }
  return {
    server,
    place,
    type,
    readAgain,
    save: () => saveOver(),
    saveAnyway: () => saveOver(theirVersion(state)),
    /** Somebody else. */
    theirs: (theirWord: string) =>
      Object.assign(server, { word: theirWord, version: server.version + 1 }),
    now: () => state,
    inForm: () => state.typed?.draft ?? shown.draft,
  }
}

const said = (state: State, isOnline = true, hasProblems = false) =>
  standing(state, { isOnline, hasProblems })

describe('what is typed over what is stored', () => {
  it('can be saved as soon as it is something else, and no more when it is typed back', () => {
    const { type, now } = form()
    type('two')
    expect([isUnsaved(now()), said(now()), canSave(now(), true)]).toEqual([true, 'unsaved', true])
    type('one')
    expect(now()).toEqual(UNTOUCHED)
  })

  it('stays as it is typed where it only means the same', () => {
    const typed = typeIn<string, never>(
      UNTOUCHED,
      '2.0',
      { draft: '2', version: 1 },
      (a, b) => Number(a) === Number(b),
    )
    expect([typed.typed?.draft, isUnsaved(typed)]).toEqual(['2.0', false])
  })

  it('waits for the line', () => {
    const { type, now } = form()
    type('two')
    expect([said(now(), false), canSave(now(), false)]).toEqual(['offline', false])
  })

  it('waits on another screen, without what was said about it', async () => {
    const { server, type, save: saveIt, now } = form()
    type('two')
    server.isReachable = false
    await saveIt()
    expect(now().error?.code).toBe('server_unreachable')
    expect(leave(now())).toEqual({ ...UNTOUCHED, typed: now().typed })
  })
})

describe('saving', () => {
  it('goes twice, each time upon what was saved last', async () => {
    const { server, type, save: saveIt, now, inForm } = form()
    type('two')
    await saveIt()
    expect([server.word, inForm(), said(now())]).toEqual(['two', 'two', 'saved'])
    type('three')
    expect(said(now())).toBe('unsaved')
    await saveIt()
    expect([server.word, server.version, now().error]).toEqual(['three', 3, null])
  })

  it('keeps what is typed meanwhile, upon what is stored then', async () => {
    const { server, type, save: saveIt, now, inForm } = form()
    type('two')
    const saving = saveIt()
    expect([now().isBusy, canSave(now(), true)]).toEqual([true, false])
    type('twofold')
    await saving
    expect([server.word, inForm(), said(now())]).toEqual(['two', 'twofold', 'unsaved'])
    await saveIt()
    expect(server).toMatchObject({ word: 'twofold', version: 3 })
  })

  it('loses nothing where the server cannot be reached', async () => {
    const { server, type, save: saveIt, now, inForm } = form()
    type('two')
    server.isReachable = false
    await saveIt()
    expect([inForm(), now().error?.code, canSave(now(), true)]).toEqual([
      'two',
      'server_unreachable',
      true,
    ])
    server.isReachable = true
    await saveIt()
    expect([server.word, now().error, said(now())]).toEqual(['two', null, 'saved'])
  })

  it('says at its field what the server alone found wrong, until that is changed', async () => {
    const { server, type, save: saveIt, now } = form()
    type('two')
    server.refuses = 'word'
    await saveIt()
    expect([now().refused, now().error]).toEqual([{ field: 'word' }, null])
    type('three')
    expect(now().refused).toBeNull()
    server.refuses = 'another'
    await saveIt()
    expect([now().refused, now().error?.code]).toEqual([null, 'invalid_input'])
  })
})

describe('somebody who was faster', () => {
  it('is said until one chooses, whatever is typed meanwhile', async () => {
    const { server, type, theirs, save: saveIt, now, inForm } = form()
    type('mine')
    theirs('theirs')
    await saveIt()
    expect([isConflict(now()), theirVersion(now()), canSave(now(), true)]).toEqual([true, 2, false])
    type('mine, too')
    expect([isConflict(now()), inForm(), server.word]).toEqual([true, 'mine, too', 'theirs'])
    // Theirs, typed: there is nothing to choose.
    type('theirs')
    expect(now()).toEqual(UNTOUCHED)
  })

  it('is saved over, knowing of theirs; of one more one is told again', async () => {
    const { server, type, theirs, save: saveIt, saveAnyway, now } = form()
    type('mine')
    theirs('theirs')
    await saveIt()
    theirs('a third one')
    await saveAnyway()
    expect([server.word, isConflict(now()), theirVersion(now())]).toEqual(['a third one', true, 3])
    await saveAnyway()
    expect([server.word, server.version, now().error]).toEqual(['mine', 4, null])
  })

  it('is noticed also where theirs was read before one saved', async () => {
    const { server, type, theirs, readAgain, save: saveIt, now } = form()
    type('mine')
    theirs('theirs')
    readAgain()
    type('mine, too')
    await saveIt()
    expect([server.word, isConflict(now())]).toEqual(['theirs', true])
  })
})
