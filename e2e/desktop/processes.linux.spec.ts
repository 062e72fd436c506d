import { readFileSync, readdirSync } from 'node:fs'

import { expect } from '@playwright/test'

import { eventually } from '../support/eventually.ts'
import { test } from '../support/user-data.ts'

test('quitting leaves no process behind', async ({ launch }) => {
  const { app, page, close } = await launch()
  await expect(page.locator('html')).toHaveAttribute('data-session', 'signed_out')
  const main = app.process().pid ?? 0
  const all = [main, ...descendants(main)]
  expect(all.length).toBeGreaterThan(2)
  await close()
  await eventually(() => all.filter(isAlive), { timeout: 5_000 }).toEqual([])
})

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry))
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const below = (of: number): number[] =>
    (children.get(of) ?? []).flatMap((child) => [child, ...below(child)])
  return below(pid)
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0 // it has just ended
  }
}

/** A process that nobody has waited for yet is not alive any more. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}
