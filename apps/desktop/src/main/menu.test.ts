import type { MenuItemConstructorOptions } from 'electron'
import { beforeEach, expect, it, vi } from 'vitest'

import { Menu, app, resetElectron } from './electron.fake.ts'
import { setApplicationMenu } from './menu.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

beforeEach(resetElectron)

const below = ({ submenu }: MenuItemConstructorOptions) => submenu as MenuItemConstructorOptions[]
const labels = () =>
  Menu.application?.flatMap((menu) => [menu.label, ...below(menu).map(({ label }) => label)])

it('says everything in the person’s language, and again when it changes', () => {
  app.isPackaged = true
  setApplicationMenu('darwin', 'es')
  expect(labels()).toEqual(expect.arrayContaining(['Edición', 'Deshacer', 'Salir de Parley']))
  setApplicationMenu('darwin', 'en')
  expect(labels()).toEqual(expect.arrayContaining(['Edit', 'Undo', 'Quit Parley']))
  const named = Menu.application?.flatMap(below).filter(({ type }) => type !== 'separator')
  expect(named?.filter(({ label }) => label === undefined)).toEqual([])
})

it.each(['linux', 'win32'] as const)(
  'cannot close or quit by a slip of the hand on %s',
  (platform) => {
    setApplicationMenu(platform, 'es')
    const roles = Menu.application?.flatMap(below).map(({ role }) => role)
    expect(roles).toContain('zoomIn')
    expect(roles).not.toContain('close')
    expect(roles).not.toContain('quit')
  },
)
