import type { ContextMenuParams } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { offerContextMenu } from './context-menu.ts'
import { BrowserWindow, Menu, clipboard, resetElectron, session, shell } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const NOTHING = {
  canUndo: false,
  canRedo: false,
  canCut: false,
  canCopy: false,
  canPaste: false,
  canDelete: false,
  canSelectAll: true,
  canEditRichly: false,
}
const nothing = {
  x: 10,
  y: 20,
  frame: null,
  linkURL: '',
  selectionText: '',
  misspelledWord: '',
  dictionarySuggestions: [] as string[],
  isEditable: false,
  formControlType: 'none',
  menuSourceType: 'mouse',
  editFlags: NOTHING,
}
const inField = {
  isEditable: true,
  formControlType: 'text-area',
  editFlags: { ...NOTHING, canPaste: true },
}
const selected = (words: string) => ({
  selectionText: words,
  editFlags: { ...NOTHING, canCopy: true },
})

interface Press {
  platform?: NodeJS.Platform
  language?: 'es' | 'en'
}

function press(
  params: Partial<typeof nothing>,
  { platform = 'linux', language = 'es' }: Press = {},
) {
  const window = new BrowserWindow({})
  offerContextMenu(window as never, { platform, language: () => language, log: recordLog() })
  window.webContents.emit('context-menu', {}, { ...nothing, ...params } as ContextMenuParams)
  const popped = Menu.poppedUp.at(-1)
  return {
    window,
    options: popped?.options,
    labels: popped?.items.map(({ type, label }) => (type === 'separator' ? '-' : label)) ?? null,
    choose(label: string) {
      const item = popped?.items.find((one) => one.label === label)
      if (item?.click === undefined) throw new Error(`nothing is done by ${label}`)
      item.click({} as never, undefined, {} as never)
    },
  }
}

beforeEach(resetElectron)

describe('the menu under the right button', () => {
  it('does not come up where there is nothing to do', () => {
    expect(press({}).labels).toBeNull()
    expect(press({ linkURL: 'app://parley/index.html#x' }).labels).toBeNull()
  })

  it('copies what is selected in the thread, and does not offer to change it', () => {
    expect(press(selected('la guía 4471')).labels).toEqual(['Copiar'])
    expect(press(selected('guide 4471'), { language: 'en' }).labels).toEqual(['Copy'])
  })

  it('pastes into an empty field', () => {
    expect(press(inField).labels).toEqual(['Pegar', 'Seleccionar todo'])
  })

  it('has all of editing where words are selected in a field, as the system does it', () => {
    press({
      ...inField,
      selectionText: 'hola',
      editFlags: {
        ...NOTHING,
        canCut: true,
        canCopy: true,
        canPaste: true,
        canEditRichly: true,
      },
    })
    expect(Menu.poppedUp[0]?.items.map(({ role, label }) => [role, label])).toEqual([
      ['cut', 'Cortar'],
      ['copy', 'Copiar'],
      ['paste', 'Pegar'],
      ['pasteAndMatchStyle', 'Pegar sin formato'],
      ['selectAll', 'Seleccionar todo'],
    ])
  })

  it('never copies a password', () => {
    const password = { ...inField, formControlType: 'input-password', selectionText: 'x' }
    expect(press(password, { platform: 'darwin' }).labels).toEqual(['Pegar', 'Seleccionar todo'])
  })

  it('corrects a misspelled word, or learns it', () => {
    const misspelled = {
      ...inField,
      misspelledWord: 'hla',
      dictionarySuggestions: ['hola', 'ala', 'la', 'hilo', 'hale', 'hule'],
    }
    const { labels, choose, window } = press(misspelled)
    expect(labels).toEqual([
      'hola',
      'ala',
      'la',
      'hilo',
      'hale',
      'Agregar al diccionario',
      '-',
      'Pegar',
      'Seleccionar todo',
    ])
    choose('hola')
    expect(window.webContents.corrections).toEqual(['hola'])
    choose('Agregar al diccionario')
    expect(session.defaultSession.words).toEqual(['hla'])
  })

  it('says so where nothing is suggested', () => {
    const { labels } = press({ ...inField, misspelledWord: 'xqz' }, { language: 'en' })
    expect(labels?.slice(0, 2)).toEqual(['No suggestions', 'Add to dictionary'])
    expect(Menu.poppedUp[0]?.items[0]?.enabled).toBe(false)
  })

  it('copies or opens a link', async () => {
    const { labels, choose } = press({ linkURL: 'https://example.com/a?b=1&c=2' })
    expect(labels).toEqual(['Abrir enlace', 'Copiar enlace'])
    choose('Copiar enlace')
    expect(clipboard.text).toBe('https://example.com/a?b=1&c=2')
    choose('Abrir enlace')
    await vi.waitFor(() => expect(shell.opened).toEqual(['https://example.com/a?b=1&c=2']))
  })

  it('copies an address or a number without its scheme', () => {
    const mail = press({ linkURL: 'mailto:ana%2Bb@example.com' })
    mail.choose('Copiar correo')
    expect(clipboard.text).toBe('ana+b@example.com')
    press({ linkURL: 'tel:+525512345678' }).choose('Copiar teléfono')
    expect(clipboard.text).toBe('+525512345678')
  })

  it('looks words up on macOS alone', () => {
    const { labels, choose, window } = press(selected('R&D'), { platform: 'darwin' })
    expect(labels).toEqual(['Consultar «R&&D»', '-', 'Copiar'])
    choose('Consultar «R&&D»')
    expect(window.webContents.lookedUp).toBe(1)
    expect(press(selected('R&D'), { platform: 'win32' }).labels).toEqual(['Copiar'])
  })

  it('stands at the caret when the keyboard asked for it, else at the pointer', () => {
    expect(press({ ...inField, menuSourceType: 'keyboard' }).options).toMatchObject({
      x: 10,
      y: 20,
      sourceType: 'keyboard',
    })
    expect(press(inField).options).not.toHaveProperty('x')
  })
})
