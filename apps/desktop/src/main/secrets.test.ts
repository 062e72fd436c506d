import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { recordLog } from './log.fake.ts'
import { openSecrets, type SecretsOptions } from './secrets.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'

type Backend = 'basic_text' | 'gnome_libsecret' | 'unknown'

/** A key store: sealing is reversing, with the key in front. */
class FakeVault {
  isAvailable = true
  backend: Backend = 'gnome_libsecret'
  key = 'k1'
  reEncrypt = false
  isPlain = false
  isAsyncEncryptionAvailable = async () => this.isAvailable
  getSelectedStorageBackend = () => this.backend
  setUsePlainTextEncryption = (isPlain: boolean) => {
    this.isPlain = isPlain
    this.isAvailable ||= isPlain
  }
  encryptStringAsync = async (text: string) =>
    Buffer.from(`${this.key}:${text.split('').toReversed().join('')}`)
  decryptStringAsync = async (sealed: Buffer) => {
    const text = sealed.toString()
    if (!text.startsWith(`${this.key}:`)) throw new Error('another key')
    const result = text
      .slice(this.key.length + 1)
      .split('')
      .toReversed()
      .join('')
    return { result, shouldReEncrypt: this.reEncrypt }
  }
}

function prepare(options: Partial<SecretsOptions> = {}, vault = new FakeVault()) {
  const userData = options.userData ?? temporaryFolder()
  const log = recordLog()
  const open = () =>
    openSecrets({
      vault,
      userData,
      platform: 'linux',
      allowPlain: false,
      isPackaged: false,
      log,
      ...options,
    })
  return { vault, userData, log, open, file: join(userData, 'secrets.json') }
}

async function opened(given: ReturnType<typeof prepare>) {
  const secrets = await given.open()
  if (secrets === null) throw new Error('there is no key store')
  return secrets
}

describe('without a key store', () => {
  it.each(['basic_text', 'unknown'] as const)('is nothing on a Linux with %s', async (backend) => {
    const { vault, open, userData, log } = prepare()
    vault.backend = backend
    expect(await open()).toBeNull()
    expect(readdirSync(userData)).toEqual([])
    expect(log.lines).toHaveLength(1)
  })

  it.each(['linux', 'darwin', 'win32'] as const)(
    'is nothing where it does not answer, on %s',
    async (platform) => {
      const { vault, open } = prepare({ platform })
      vault.isAvailable = false
      expect(await open()).toBeNull()
    },
  )

  it('does without protection only where the environment asks for it, and says so', async () => {
    const { vault, open, log } = prepare({ allowPlain: true })
    vault.backend = 'basic_text'
    vault.isAvailable = false
    expect(await open()).not.toBeNull()
    expect(vault.isPlain).toBe(true)
    expect(log.lines).toMatchObject([{ level: 'warn' }])
  })

  it('never does without protection in a packaged build', async () => {
    const { vault, open } = prepare({ allowPlain: true, isPackaged: true })
    vault.backend = 'basic_text'
    vault.isAvailable = false
    expect(await open()).toBeNull()
    expect(vault.isPlain).toBe(false)
  })
})

describe('with one', () => {
  it('keeps secrets sealed, for this person alone, over a restart', async () => {
    const given = prepare()
    await (await opened(given)).write('cache-key-1', 'geheim')
    expect(readFileSync(given.file, 'utf8')).not.toContain('geheim')
    expect(statSync(given.file).mode & 0o777).toBe(0o600)
    expect(readdirSync(given.userData)).toEqual(['secrets.json'])
    const again = await opened(given)
    expect(await again.read('cache-key-1')).toBe('geheim')
    expect(await again.read('cache-key-2')).toBeNull()
    expect(await again.read('toString')).toBeNull()
    expect(given.log.lines).toEqual([])
  })

  it('loses none of several that are written at once', async () => {
    const given = prepare()
    const secrets = await opened(given)
    await Promise.all(['a', 'b', 'c'].map((name) => secrets.write(name, name.repeat(3))))
    const again = await opened(given)
    expect(await Promise.all(['a', 'b', 'c'].map((name) => again.read(name)))).toEqual([
      'aaa',
      'bbb',
      'ccc',
    ])
  })

  it('removes what is written as null', async () => {
    const given = prepare()
    const secrets = await opened(given)
    await secrets.write('a', '1')
    await secrets.write('a', null)
    expect(await secrets.read('a')).toBeNull()
    expect(await (await opened(given)).read('a')).toBeNull()
  })

  it('tells the writer of a failure, and writes the next one all the same', async () => {
    const given = prepare()
    const secrets = await opened(given)
    const { encryptStringAsync } = given.vault
    given.vault.encryptStringAsync = () => Promise.reject(new Error('locked'))
    await expect(secrets.write('a', '1')).rejects.toThrow('locked')
    given.vault.encryptStringAsync = encryptStringAsync
    await secrets.write('b', '2')
    expect([await secrets.read('a'), await secrets.read('b')]).toEqual([null, '2'])
  })

  it('that fails once has lost nothing: the right key comes back later', async () => {
    const given = prepare()
    const secrets = await opened(given)
    await secrets.write('a', '1')
    given.vault.key = 'k2'
    await expect(secrets.read('a')).rejects.toThrow('another key')
    expect(given.log.lines).toMatchObject([{ level: 'error' }])
    given.vault.key = 'k1'
    expect(await secrets.read('a')).toBe('1')
  })

  it.each(['does not answer', 'is not chosen'])(
    'that %s at one start is waited for, and not taken for none',
    async (how) => {
      const given = prepare()
      await (await opened(given)).write('a', '1')
      if (how === 'does not answer') given.vault.isAvailable = false
      else given.vault.backend = 'unknown'
      const secrets = await opened(given)
      await expect(secrets.read('a')).rejects.toThrow('key store')
      await expect(secrets.write('b', '2')).rejects.toThrow('key store')
      expect(await secrets.read('c')).toBeNull()
      given.vault.isAvailable = true
      given.vault.backend = 'gnome_libsecret'
      expect(await secrets.read('a')).toBe('1')
    },
  )

  it('seals again what the key store asks to', async () => {
    const given = prepare()
    const secrets = await opened(given)
    await secrets.write('a', '1')
    const before = readFileSync(given.file, 'utf8')
    given.vault.reEncrypt = true
    given.vault.encryptStringAsync = async () => Buffer.from('k1:2')
    expect(await secrets.read('a')).toBe('1')
    expect(readFileSync(given.file, 'utf8')).not.toBe(before)
  })

  it('has the secret all the same if it cannot be sealed again', async () => {
    const given = prepare()
    const secrets = await opened(given)
    await secrets.write('a', '1')
    given.vault.reEncrypt = true
    given.vault.encryptStringAsync = () => Promise.reject(new Error('locked'))
    expect(await secrets.read('a')).toBe('1')
    expect(given.log.lines).toMatchObject([{ level: 'error' }])
  })

  it.each(['', '[]', '{"version":2,"secrets":{}}', '{"version":1,"secrets":{"a":7}}'])(
    'keeps a file aside that says %j',
    async (text) => {
      const given = prepare()
      writeFileSync(given.file, text)
      expect(await (await opened(given)).read('a')).toBeNull()
      expect(existsSync(`${given.file}.bad`)).toBe(true)
    },
  )
})
