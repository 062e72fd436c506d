import { describe, expect, it } from 'vitest'

import { OptionsError, parseSimulateOptions } from './simulate-options.ts'

describe('options of npm run simulate', () => {
  it('take the environment where nothing is said', () => {
    const env = {
      WHATSAPP_APP_SECRET: 'newer, older',
      WHATSAPP_PHONE_NUMBER_ID: '77',
      WHATSAPP_ACCESS_TOKEN: '',
    }
    expect(parseSimulateOptions(['--customers', '200', '--rate', '5'], env)).toMatchObject({
      serverUrl: 'http://127.0.0.1:4000',
      customers: 200,
      ratePerSecond: 5,
      appSecret: 'newer',
      phoneNumberId: '77',
      durationSeconds: null,
      agents: [],
    })
    expect(parseSimulateOptions(['--app-secret', 'mine', '--auto-answer'], env)).toMatchObject({
      appSecret: 'mine',
    })
  })

  it('answer --help', () => {
    expect(parseSimulateOptions(['--help'], {})).toBe('help')
  })

  it.each([
    [['--rate', '0']],
    [['--rate', 'fast']],
    [['--customers', '1.5']],
    [['--server', 'localhost:4000']],
    [['--graph-port', '70000']],
    [['--phone-number-id', 'abc']],
    [['--unknown']],
    [['something']],
    [['--rate']],
  ])('refuse %j in one line', (args) => {
    expect(() => parseSimulateOptions(args, {})).toThrow(OptionsError)
    expect(() => parseSimulateOptions(args, {})).toThrow(/^[^\n]+$/)
  })
})
