import { expect, test } from 'vitest'

import { invitationIn } from './invitation.ts'

const TOKEN = 'q3K9_vT-0aZ1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'

test.each([
  [`https://parley.tlalli.mx/join#${TOKEN}`, 'https://parley.tlalli.mx'],
  [`  https://parley.tlalli.mx/join#${TOKEN}\n`, 'https://parley.tlalli.mx'],
  // As a mail program breaks it.
  [
    `https://parley.tlalli.mx/join\n#${TOKEN.slice(0, 20)}\n${TOKEN.slice(20)}`,
    'https://parley.tlalli.mx',
  ],
  [`http://127.0.0.1:4000/join#${TOKEN}`, 'http://127.0.0.1:4000'],
  [`https://tlalli.mx/soporte/join#${TOKEN}`, 'https://tlalli.mx/soporte'],
])('%j is an invitation of %s', (pasted, serverUrl) => {
  expect(invitationIn(pasted)).toEqual({ serverUrl, token: TOKEN })
})

test.each([
  '',
  'hola',
  TOKEN,
  'https://parley.tlalli.mx/join',
  'https://parley.tlalli.mx/join#corto',
  `https://parley.tlalli.mx/#${TOKEN}`,
  `ftp://parley.tlalli.mx/join#${TOKEN}`,
  `javascript:alert(1)//join#${TOKEN}`,
])('%j is none', (pasted) => {
  expect(invitationIn(pasted)).toBeNull()
})
