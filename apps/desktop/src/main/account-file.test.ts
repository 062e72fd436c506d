import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { AccountFile } from './account-file.ts'
import { recordLog } from './log.fake.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'

const ACCOUNT = {
  deviceId: '01890a5d-ac96-774b-bcce-b302099a8057',
  serverUrl: 'https://parley.example.test',
  person: {
    id: '01890a5d-ac96-774b-bcce-b302099a8058',
    email: 'paola@example.test',
    fullName: 'Paola Aréchiga',
  },
}

function openFile(mayNamePerson = true) {
  const file = join(temporaryFolder(), 'account.json')
  const log = recordLog()
  return { file, log, account: new AccountFile(file, { mayNamePerson, log }) }
}

it('knows nobody at first, and then the last one', () => {
  const { account } = openFile()
  expect(account.read()).toBeNull()
  account.write(ACCOUNT)
  expect(account.read()).toEqual(ACCOUNT)
  account.write({ ...ACCOUNT, person: null })
  expect(account.read()).toEqual({ ...ACCOUNT, person: null })
  account.write(null)
  expect(account.read()).toBeNull()
})

it('keeps nothing of the person where nothing may be kept', () => {
  const { file, account } = openFile(false)
  account.write(ACCOUNT)
  expect(account.read()).toEqual({ ...ACCOUNT, person: null })
  expect(readFileSync(file, 'utf8')).not.toContain('paola')
})

it('tells nobody the person whom an earlier start wrote, once nothing may be kept', () => {
  const { file, account } = openFile()
  account.write(ACCOUNT)
  const later = new AccountFile(file, { mayNamePerson: false, log: recordLog() })
  expect(later.read()?.person).toBeNull()
})

it.each([
  '',
  '{}',
  '{"deviceId":"1","serverUrl":"https://a.test","person":null}',
  '{"deviceId":"01890a5d-ac96-774b-bcce-b302099a8057","serverUrl":"file:///","person":null}',
])('knows nobody where the file says %j, and its words are not logged', (text) => {
  const { file, log, account } = openFile()
  writeFileSync(file, text)
  expect(account.read()).toBeNull()
  expect(log.lines).toHaveLength(1)
  expect(JSON.stringify(log.lines)).not.toContain('a.test')
})
