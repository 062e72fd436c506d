import { CONVERSATION_EVENT_TYPES } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import { tableOf } from './app/command-table.ts'
import { type Contribution, type Opens } from './contributions/contribution.ts'
import { FEATURES } from './features.ts'
import { catalogs } from './i18n/testing/translate-in.ts'

const rest = await Promise.all(FEATURES.map(({ late }) => late?.()))
const all: Contribution[] = [...FEATURES, ...rest.flatMap((part) => part?.late ?? [])]

/** Names under which something is brought, by all. */
const namesOf = (kind: 'screens' | 'dialogs' | 'sheets' | 'reads' | 'events' | 'outbox') =>
  all.flatMap((one) => Object.keys(one[kind] ?? {}))

describe('what the window consists of', () => {
  it('brings nothing twice under one name', () => {
    for (const kind of ['screens', 'dialogs', 'sheets', 'reads', 'events', 'outbox'] as const) {
      const names = namesOf(kind)
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    }
  })

  it('has commands whose keys are clear, and a command behind every way that it names', () => {
    const ids = new Set(tableOf(FEATURES).map(({ id }) => id as string))
    const named = all.flatMap(({ opens, rail }) => [
      ...Object.keys(opens ?? {}),
      ...(rail ?? []).map(({ command }) => command),
    ])
    expect(named.filter((id) => !ids.has(id))).toEqual([])
  })

  it('leads to nothing that is not there', () => {
    const opened = (what: Opens) =>
      'screen' in what
        ? namesOf('screens').includes(what.screen.kind)
        : 'dialog' in what
          ? namesOf('dialogs').includes(what.dialog.kind)
          : namesOf('sheets').includes(what.sheet)
    for (const { opens, rail } of all) {
      for (const what of [...Object.values(opens ?? {}), ...(rail ?? [])])
        expect([what, opened(what)]).toEqual([what, true])
    }
  })

  it('has words for everything that happens to a conversation', () => {
    expect(namesOf('events')).toEqual(expect.arrayContaining([...CONVERSATION_EVENT_TYPES]))
  })

  it('brings the words of every folder that has some', () => {
    const count = (words: Readonly<Record<string, string>>) => Object.keys(words).length
    const brought = all.reduce((sum, { words }) => sum + count(words?.es ?? {}), 0)
    const written = [...catalogs.values()].reduce((sum, { es }) => sum + count(es), 0)
    expect(brought).toBe(written)
  })
})
