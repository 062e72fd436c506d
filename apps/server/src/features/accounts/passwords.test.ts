import { expect, test } from 'vitest'

import { Failure } from '../../platform/failure.ts'
import { createPasswords, NO_PASSWORD, requireGoodPassword } from './passwords.ts'

const KNOWN = ['mariana.solis@tlalli.mx', 'Mariana Solís']

async function problemOf(password: string, minLength = 12): Promise<unknown> {
  try {
    await requireGoodPassword(password, KNOWN, minLength)
    return null
  } catch (error) {
    if (error instanceof Failure) return error.details['problem']
    throw error
  }
}

test.each([
  ['zafiro lluvia cobre tren', null],
  ['correct horse battery staple', null],
  ['x9$kLm2!pQw8', null],
  ['日本語の長いパスワードです', null],
  ['once', 'too_short'],
  // Letters are counted, not their halves.
  ['😀😁😂🤣😃😄', 'too_short'],
  ['aaaaaaaaaaaaaaaaaaaa', 'repetitive'],
  ['121212121212', 'repetitive'],
  ['Contraseña2026!', 'too_common'],
  ['¡¡qwertyuiop1234', 'too_common'],
  ['ILOVEYOU12345', 'too_common'],
  ['passwordpassword', 'too_common'],
  ['mariana.solis2026', 'personal'],
  ['Solis-Mariana-99', 'personal'],
  ['parley-tlalli-1', 'personal'],
  // A name in something longer is no harm.
  ['mariana come zafiro cobre', null],
])('%s: %s', async (password, problem) => {
  expect(await problemOf(password)).toBe(problem)
})

test('says how long it has to be', async () => {
  await expect(requireGoodPassword('corta', KNOWN, 15)).rejects.toMatchObject({
    code: 'weak_password',
    details: { problem: 'too_short', minLength: 15 },
  })
})

test('is the same whichever keyboard composed it, and of nobody it is never right', async () => {
  const passwords = createPasswords()
  const stored = await passwords.hash('año nuevo en Córdoba'.normalize('NFD'))
  expect(stored).toMatch(/^\$argon2id\$/)
  expect(await passwords.verify(stored, 'año nuevo en Córdoba'.normalize('NFC'))).toBe(true)
  expect(await passwords.verify(stored, 'ano nuevo en Cordoba')).toBe(false)
  expect(await passwords.verify(null, 'nobody has this password')).toBe(false)
  expect(await passwords.verify(NO_PASSWORD, 'nobody has this password')).toBe(false)
})

test('are looked at two at a time, and beyond a hundred that wait whoever comes is asked to come again', async () => {
  const { verify } = createPasswords()
  const all = await Promise.allSettled(
    Array.from({ length: 110 }, () => verify(null, 'nobody has this password')),
  )
  const refused = all.filter((outcome) => outcome.status === 'rejected')
  expect(refused.map(({ reason }) => (reason as Failure).code)).toEqual(Array(8).fill('try_later'))
})
