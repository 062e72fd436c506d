import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { directory, withDirectory, type ScimAnswer } from '../../testing/scim.ts'

/**
 * What Entra and Okta send, in the order in which they send it, from their public documentation, and what is answered.
 * A recording is requests under `###` titles; `>` begins what is expected: the status, then paths and their values.
 * `as NAME` keeps an answer's id for `{{NAME}}`.
 */

withDirectory()

interface Recorded {
  title: string
  method: string
  path: string
  body: string | undefined
  status: number
  expected: string[]
}

function readRecording(file: string): Recorded[] {
  const [, ...blocks] = readFileSync(file, 'utf8').split(/^### /m)
  return blocks.map((block) => {
    const [title = '', asked = '', ...rest] = block.trim().split('\n')
    const [method = '', ...path] = asked.split(' ')
    const expected = rest.filter((line) => line.startsWith('> ')).map((line) => line.slice(2))
    const body = rest.filter((line) => !line.startsWith('> ')).join('\n')
    const [status, ...more] = expected
    return {
      title,
      method,
      path: path.join(' '),
      body: body.trim() === '' ? undefined : body,
      status: Number(status),
      expected: more,
    }
  })
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value)
}

function expectAnswer({ body }: ScimAnswer, line: string): void {
  const [, path = '', what = '', value = ''] =
    /^(\S+) (=|has|is absent|is a number)(?: (.*))?$/.exec(line) ?? []
  const found = at(body, path)
  // With the line, so that a failure says which one it is.
  if (what === '=') expect({ line, found }).toEqual({ line, found: JSON.parse(value) })
  else if (what === 'has') {
    expect({ line, length: (found as unknown[]).length }).toEqual({ line, length: Number(value) })
  } else if (what === 'is absent') expect({ line, found }).toEqual({ line, found: undefined })
  else if (what === 'is a number')
    expect({ line, type: typeof found }).toEqual({ line, type: 'number' })
  else throw new Error(`not understood: ${line}`)
}

const files = globSync(join(import.meta.dirname, 'recordings', '*.http')).toSorted()
const recordings = files.map((file) => ({ name: basename(file), requests: readRecording(file) }))

test('there are enough of them', () => {
  expect(recordings.flatMap(({ requests }) => requests).length).toBeGreaterThanOrEqual(120)
})

describe.each(recordings)('$name', ({ requests }) => {
  const ids = new Map<string, string>()
  const filled = (text: string): string =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => ids.get(name) ?? `no ${name}`)

  test.each(requests)('$title', async ({ method, path, body, status, expected }) => {
    const answer = await directory.send(method, filled(path), body && filled(body))
    expect([answer.status, answer.status === status ? '' : answer.body]).toEqual([status, ''])
    if (status !== 204) {
      expect(answer.headers.get('content-type')).toBe('application/scim+json; charset=utf-8')
    }
    for (const line of expected) {
      const name = /^as (\w+)$/.exec(line)?.[1]
      if (name !== undefined) ids.set(name, String(answer.body['id']))
      else expectAnswer(answer, filled(line))
    }
  })
})
