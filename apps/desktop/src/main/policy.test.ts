import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it, vi } from 'vitest'

import { recordLog } from './log.fake.ts'
import { policyPath, readPolicy } from './policy.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'

const DEFAULTS = {
  serverUrl: null,
  notificationContent: 'name',
  allowsHttp: false,
  leaseHours: 72,
}

function read(text: string | null, env: NodeJS.ProcessEnv = {}) {
  const file = join(temporaryFolder(), 'policy.json')
  if (text !== null) writeFileSync(file, text)
  const log = recordLog()
  return { policy: readPolicy(file, env, log), levels: log.lines.map(({ level }) => level), log }
}

it('has defaults, and nothing to say, where IT has decided nothing', () => {
  expect(read(null)).toMatchObject({ policy: DEFAULTS, levels: [] })
})

it('takes what IT has decided', () => {
  const text =
    '{"serverUrl":"https://parley.example.test/","notificationContent":"none","allowsHttp":true,"leaseHours":24}'
  expect(read(text)).toMatchObject({
    policy: {
      serverUrl: 'https://parley.example.test',
      notificationContent: 'none',
      allowsHttp: true,
      leaseHours: 24,
    },
    levels: [],
  })
})

it('takes the server of the environment, unless the file has one', () => {
  const env = { PARLEY_SERVER_URL: 'https://env.example.test' }
  expect(read(null, env).policy.serverUrl).toBe('https://env.example.test')
  expect(read('{"notificationContent":"full"}', env).policy).toEqual({
    ...DEFAULTS,
    serverUrl: 'https://env.example.test',
    notificationContent: 'full',
  })
  expect(read('{"serverUrl":"https://file.example.test"}', env).policy.serverUrl).toBe(
    'https://file.example.test',
  )
})

describe('what is malformed', () => {
  it.each(['', '{', '[]', 'null', '"https://a.test"'])('file %j: defaults and a line', (text) => {
    expect(read(text)).toMatchObject({ policy: DEFAULTS, levels: ['error'] })
  })

  it('setting: its default and a line, the others hold', () => {
    const { policy, log } = read('{"serverUrl":"ftp://a.test","notificationContent":"none"}')
    expect(policy).toEqual({ ...DEFAULTS, notificationContent: 'none' })
    expect(log.lines).toMatchObject([
      { level: 'error', message: expect.stringContaining('serverUrl') },
    ])
  })

  it('unknown setting: a line, the others hold', () => {
    const { policy, log } = read('{"servrUrl":"https://a.test","notificationContent":"none"}')
    expect(policy).toEqual({ ...DEFAULTS, notificationContent: 'none' })
    expect(log.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('servrUrl') },
    ])
  })

  it.each(['parley.example.test', 'file:///etc', 'javascript:1'])('environment %j', (url) => {
    expect(read(null, { PARLEY_SERVER_URL: url })).toMatchObject({
      policy: DEFAULTS,
      levels: ['error'],
    })
  })

  it('folder in place of the file: defaults and a line', () => {
    const folder = join(temporaryFolder(), 'policy.json')
    mkdirSync(folder)
    const log = recordLog()
    expect(readPolicy(folder, {}, log)).toEqual(DEFAULTS)
    expect(log.lines).toMatchObject([{ level: 'error' }])
  })
})

it.each([
  ['{"leaseHours":0}'],
  ['{"leaseHours":1000}'],
  ['{"leaseHours":1.5}'],
  ['{"allowsHttp":"yes"}'],
])('%s allows nothing more', (text) => {
  expect(read(text)).toMatchObject({ policy: DEFAULTS, levels: ['error'] })
})

it('lies where only administrators may write, wherever the environment says that to be', () => {
  vi.stubEnv('ProgramFiles', 'C:\\Users\\ana')
  expect(policyPath('linux')).toBe('/etc/parley/policy.json')
  expect(policyPath('darwin')).toBe('/Library/Application Support/Parley/policy.json')
  expect(policyPath('win32')).toBe('C:\\Program Files\\Parley Policy\\policy.json')
  vi.unstubAllEnvs()
})
