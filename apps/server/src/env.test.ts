import { describe, expect, test } from 'vitest'

import { ConfigurationError, readEnv } from './env.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const problem = (source: Record<string, string>): string => {
  try {
    readEnv(source)
    return 'none'
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
}

describe('the environment', () => {
  test('may be empty: everything has a default', () => {
    expect(readEnv({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4000,
      PARLEY_DATA_DIR: '.parley/data',
      REPORTING_TIME_ZONE: 'America/Mexico_City',
      LOG_LEVEL: 'info',
    })
  })

  test('takes empty for absent', () => {
    expect(readEnv({ DATABASE_URL: '', PORT: '' })).toMatchObject({ PORT: 4000 })
  })

  test.each([
    'postgres:///parley?host=/run/postgresql',
    'postgres://u:p@127.0.0.1:5432/parley',
    'postgres://u:p@[::1]/parley',
    'postgres://u:p@db.internal/parley?sslmode=verify-full',
    'postgres://u:p@10.0.0.5/parley?sslmode=disable',
  ])('takes the database %s', (url) => {
    expect(problem({ DATABASE_URL: url, PARLEY_SECRET_KEY: KEY })).toBe('none')
  })

  test('lists proxies', () => {
    expect(readEnv({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).TRUSTED_PROXIES).toEqual([
      '10.0.0.0/8',
      '::1',
    ])
    expect(readEnv({}).TRUSTED_PROXIES).toEqual([])
  })

  test.each([
    [
      { DATABASE_URL: 'mysql://x', PARLEY_SECRET_KEY: KEY },
      'DATABASE_URL must be a postgres:// URL',
    ],
    [{ DATABASE_URL: 'postgres://localhost/y' }, 'PARLEY_SECRET_KEY is required with DATABASE_URL'],
    [
      { DATABASE_URL: 'postgres://u:p@db.internal/parley', PARLEY_SECRET_KEY: KEY },
      'DATABASE_URL must say sslmode: verify-full, or disable',
    ],
    [{ PARLEY_SECRET_KEY: 'short' }, 'PARLEY_SECRET_KEY must be 32 bytes in base64'],
    [{ PORT: 'http' }, 'PORT must be a port number'],
    [{ PORT: '70000' }, 'PORT'],
    [{ TRUSTED_PROXIES: '10.0.0.0/8, proxy' }, 'TRUSTED_PROXIES must be addresses or networks'],
    [{ PUBLIC_URL: 'parley.example' }, 'PUBLIC_URL must be an http or https URL'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ REPORTING_TIME_ZONE: 'Mars/Phobos' }, 'REPORTING_TIME_ZONE must be an IANA time zone'],
    [
      { WHATSAPP_APP_SECRET: 'a-secret-of-length' },
      'WHATSAPP_VERIFY_TOKEN is required together with WHATSAPP_APP_SECRET',
    ],
    [
      { CHAT_APP_URL: 'https://app.example' },
      'CHAT_APP_SECRET is required together with CHAT_APP_URL',
    ],
    [
      {
        WHATSAPP_APP_SECRET: 'short',
        WHATSAPP_VERIFY_TOKEN: 'long-enough',
        WHATSAPP_ACCESS_TOKEN: 'x',
        WHATSAPP_PHONE_NUMBER_ID: '1',
      },
      'each secret must have at least 8 characters',
    ],
    [
      {
        WHATSAPP_APP_SECRET: 'long-enough',
        WHATSAPP_VERIFY_TOKEN: 'long-enough',
        WHATSAPP_ACCESS_TOKEN: 'x',
        WHATSAPP_PHONE_NUMBER_ID: '+52',
      },
      'WHATSAPP_PHONE_NUMBER_ID must be digits',
    ],
  ])('%o is one clear line', (source, expected) => {
    const message = problem(source as unknown as Record<string, string>)
    expect(message).toContain(expected)
    expect(message).not.toContain('\n')
  })

  test('names what is wrong, never the value', () => {
    expect(problem({ PARLEY_SECRET_KEY: 'my-real-secret' })).not.toContain('my-real-secret')
  })
})
