import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { percentile } from './percentile.ts'

const PRELOAD = `--import=${pathToFileURL(join(import.meta.dirname, 'trace-stages.ts')).href}`

/** The environment of a server that is to write down its stages into this folder. */
export function tracedServer(folder: string): Record<string, string> {
  return { NODE_OPTIONS: PRELOAD, PARLEY_STAGES: folder }
}

/** Of a workstation on the stand-in: Playwright takes NODE_OPTIONS away from whatever it takes for Electron. */
export function tracedWorkstation(folder: string): Record<string, string> {
  const node = join(folder, 'node')
  writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' '${PRELOAD}' "$@"\n`, { mode: 0o755 })
  return { PARLEY_NODE: node, PARLEY_STAGES: folder }
}

/** When each stage was passed, epoch milliseconds, in order. */
export type Passages = ReadonlyMap<string, readonly number[]>

export function readPassages(folder: string): Passages {
  const passages = new Map<string, number[]>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.stages'))) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const space = line.indexOf(' ')
      if (space === -1) continue
      const stage = line.slice(space + 1)
      const times = passages.get(stage) ?? []
      times.push(Number(line.slice(0, space)))
      passages.set(stage, times)
    }
  }
  for (const times of passages.values()) times.sort((a, b) => a - b)
  return passages
}

/**
 * What lies between a beginning and its end, stage by stage: messages follow each other through all of them, so the
 * first passage after a message's last one is its own, or that of a batch with it.
 */
export function reportStages(
  stages: readonly string[],
  passages: Passages,
  ways: readonly { from: number; to: number }[],
): void {
  const spent = new Map<string, number[]>([...stages, 'painted'].map((stage) => [stage, []]))
  for (const { from, to } of ways) {
    let at = from
    for (const stage of stages) {
      const next = passages.get(stage)?.find((time) => time >= at && time <= to)
      if (next === undefined) break
      spent.get(stage)?.push(next - at)
      at = next
    }
    spent.get('painted')?.push(to - at)
  }
  for (const [stage, times] of spent) {
    process.stdout.write(
      `  … ${stage.padEnd(18)} p50 ${percentile(times, 50).toFixed(1).padStart(6)} ms, p99 ${percentile(times, 99).toFixed(1).padStart(6)} ms (${times.length})\n`,
    )
  }
}
