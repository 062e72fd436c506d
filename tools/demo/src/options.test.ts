import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { OPTION_NAMES, parseOptions } from './options.ts'
import { StartError } from './start-error.ts'

const parse = (...args: string[]) => parseOptions(args, '/checkout', '/home/me')

describe('options of npm start', () => {
  it('have defaults', () => {
    expect(parse()).toMatchObject({
      port: 4000,
      dataDir: '/checkout/.parley/data',
      workstation: true,
      demo: true,
      window: 'if_possible',
      agentEmail: 'mariana.solis@parley.example',
      reset: false,
    })
  })

  it('are taken as they are given, folders from where the person is', () => {
    expect(parse('--port', '0', '--data-dir', 'here', '--server-only', '--no-demo')).toMatchObject({
      port: 0,
      dataDir: '/home/me/here',
      workstation: false,
      demo: false,
    })
    expect(parse('--headed')).toMatchObject({ window: 'always' })
    expect(parse('--reset', '--yes')).toMatchObject({ reset: true })
    expect(parse('-h')).toBe('help')
  })

  it.each([
    [['--port', '99999']],
    [['--port', 'http']],
    [['--port', '-1']],
    [['--rate', '0']],
    [['--headed', '--headless']],
    [['--server-only', '--headed']],
    [['--agent', 'nobody@parley.example']],
    [['--reset']],
    [['--data-dir', '']],
    [['--colour']],
    [['now']],
  ])('refuse %j in one line', (args) => {
    expect(() => parse(...args)).toThrow(StartError)
    expect(() => parse(...args)).toThrow(/^[^\n]+$/)
  })

  it('are all in the help', () => {
    const help = readFileSync(join(import.meta.dirname, '../help.txt'), 'utf8')
    expect(OPTION_NAMES.filter((name) => !help.includes(`--${name}`))).toEqual([])
  })
})
