import { describe, expect, it } from 'vitest'

import { type Command } from '../contributions/contribution.ts'
import { install } from '../contributions/registry.ts'
import { commandOf, commandTable, tableOf } from './command-table.ts'
import { ariaKeys, isPressOf, keyLabels, spell, windowKeys } from './keys.ts'

const files = import.meta.glob<Record<string, Command>>(['../**/*commands.ts', '!./commands.ts'], {
  eager: true,
  import: 'commands',
})
install(Object.values(files).map((commands) => ({ commands })))

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

const PLAIN = { section: 'general', label: 'command.help.open' } as const
const tableWith = (...commands: Omit<Command, 'section' | 'label'>[]) =>
  tableOf(
    commands.map((command, index) => ({ commands: { [`c${index}`]: { ...PLAIN, ...command } } })),
  )

describe('a table of commands', () => {
  it('refuses two commands on one key in one place', () => {
    expect(() => tableWith({ keys: ['L'] }, { keys: ['M', 'L'] })).toThrow('c1 and c0 both have L')
    expect(() => tableWith({ keys: ['L'], place: 'list' }, { keys: ['L'], place: 'list' })).toThrow(
      'L in the list',
    )
    expect(tableWith({ keys: ['L'], place: 'list' }, { keys: ['L'], place: 'rule' })).toHaveLength(
      2,
    )
  })

  it('refuses two commands of one name', () => {
    const commands = { open: { ...PLAIN, keys: ['L'] } }
    const again = { open: { ...PLAIN, keys: ['M'] } }
    expect(() => tableOf([{ commands }, { commands: again }])).toThrow('the name open')
  })

  it("lets a place have the window's key only where it says so", () => {
    const place = { keys: ['L'], place: 'list' }
    expect(() => tableWith({ keys: ['L'] }, place)).toThrow('c1 shadows L of the window')
    expect(tableWith({ keys: ['L'] }, { ...place, shadows: true })).toHaveLength(2)
    expect(() => tableWith({ keys: ['M'] }, { ...place, shadows: true })).toThrow('no key')
  })

  it('lets no single key begin a sequence and act as well', () => {
    expect(() => tableWith({ keys: ['G M'] }, { keys: ['G'] })).toThrow('c1 shadows G')
    expect(() => tableWith({ keys: ['G M'] }, { keys: ['G'], place: 'list' })).toThrow('shadows G')
  })

  it('stands by section and by order within it', () => {
    const [first, second, third] = tableWith(
      { keys: ['A'], order: 1 },
      { keys: ['B'] },
      { keys: ['C'] },
    )
    expect([first?.keys, second?.keys, third?.keys]).toEqual([['B'], ['C'], ['A']])
  })
})

describe("the workstation's commands", () => {
  it('would be refused in every pair if one had the key of the other', () => {
    const commands = commandTable()
    expect(commands.length).toBeGreaterThan(50)
    for (const one of commands) {
      for (const other of commands) {
        if (one.id === other.id || one.place !== other.place) continue
        const both = { [one.id]: one, [other.id]: { ...other, keys: one.keys } }
        expect(() => tableOf([{ commands: both }])).toThrow('both have')
      }
    }
  })

  it('never act on bare letters while somebody types', () => {
    for (const { keys: all } of commandTable().filter(({ whileTyping }) => whileTyping)) {
      for (const keys of all) expect(keys).toMatch(/Mod\+|Alt\+|F\d+$/)
    }
  })

  it('all have keys', () => {
    for (const { id, keys } of commandTable()) {
      expect(keys.length).toBeGreaterThan(0)
      expect(keyLabels(id).join('')).not.toBe('')
      expect(ariaKeys(id)).not.toContain('Mod')
    }
  })

  it('are run by the window where no place handles them', () => {
    const { byKeys, firstKeys } = windowKeys()
    expect(byKeys.get('T')?.id).toBe('conversation.transfer')
    expect(byKeys.get('Mod+3')).toEqual({ id: 'list.openNth', nth: 2 })
    expect(byKeys.has('Escape')).toBe(false)
    expect([...firstKeys]).toEqual(['G'])
  })
})

describe('keys', () => {
  it('are spelled as in the table', () => {
    expect(spell(press('k', { ctrlKey: true }))).toBe('Mod+K')
    expect(spell(press('S', { shiftKey: true }))).toBe('Shift+S')
    expect(spell(press('?', { shiftKey: true }))).toBe('?')
    expect(spell(press('F6', { shiftKey: true }))).toBe('Shift+F6')
    expect(spell(press('L', { ctrlKey: true, shiftKey: true }))).toBe('Mod+Shift+L')
  })

  it('are recognised by the places that handle them', () => {
    expect(isPressOf('composer.send', press('Enter'))).toBe(true)
    expect(isPressOf('composer.send', press('Enter', { shiftKey: true }))).toBe(false)
    expect(isPressOf('composer.line', press('Enter', { shiftKey: true }))).toBe(true)
  })

  it('are shown as caps', () => {
    expect(keyLabels('go.mine')).toEqual(['G', 'M'])
    expect(keyLabels('palette.open')).toEqual(['Ctrl K'])
    expect(keyLabels('list.openNth')).toEqual(['Ctrl 1…8'])
    expect(commandOf('list.openNth').keys).toHaveLength(8)
  })
})
