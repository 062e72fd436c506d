import { subscribe } from 'node:diagnostics_channel'
import { openSync, writeSync } from 'node:fs'

/** Loaded before a process or thread of the product: writes down when something passes which stage, for `stages.ts`. */
const folder = process.env['PARLEY_STAGES']
if (folder !== undefined) {
  let file: number | undefined
  subscribe('parley:stage', (stage) => {
    file ??= openSync(`${folder}/${process.pid}-${performance.timeOrigin}.stages`, 'a')
    writeSync(file, `${performance.timeOrigin + performance.now()} ${String(stage)}\n`)
  })
}
