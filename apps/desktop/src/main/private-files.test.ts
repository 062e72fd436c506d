import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { writeFileAtomically } from './atomic-file.ts'
import { keepFilesPrivate } from './private-files.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'

const rights = (path: string): string => (statSync(path).mode & 0o777).toString(8)

it.skipIf(process.platform === 'win32')(
  'what is there and what is written later is its person’s alone',
  () => {
    const before = process.umask()
    const outside = join(temporaryFolder(), 'others.txt')
    writeFileSync(outside, 'theirs', { mode: 0o644 })
    chmodSync(outside, 0o644)
    const userData = join(temporaryFolder(), 'Parley')
    mkdirSync(join(userData, 'logs'), { recursive: true, mode: 0o755 })
    writeFileSync(join(userData, 'cache.db'), 'words', { mode: 0o644 })
    symlinkSync(outside, join(userData, 'SingletonLock'))
    try {
      keepFilesPrivate(userData)
      writeFileSync(join(userData, 'later.txt'), 'words')
      writeFileAtomically(join(userData, 'made', 'state.json'), '{}')
    } finally {
      process.umask(before)
    }
    expect(rights(userData)).toBe('700')
    expect(['logs', 'made'].map((name) => rights(join(userData, name)))).toEqual(['700', '700'])
    const files = ['cache.db', 'later.txt', 'made/state.json']
    expect(files.map((name) => rights(join(userData, name)))).toEqual(['600', '600', '600'])
    expect(rights(outside)).toBe('644')
  },
)
