// npm start: Parley with everything it needs, on whatever Node (20.11 or newer) begins this. Installs what is
// missing and hands over to tools/demo; `npm start -- --help` lists the options.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './toolchain.mjs'

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  // Nothing needs to be installed to tell how.
  process.stdout.write(await readFile(join(ROOT, 'tools/demo/help.txt'), 'utf8'))
} else {
  // The same way as every other command of ours: Node 24, the packages, and signals passed on.
  // A demo that nobody sits before is for nobody.
  process.env.PARLEY_ENDS_WITH_PARENT = String(process.ppid)
  process.argv.splice(2, 0, 'tools/demo/src/main.ts')
  await import('./run.mjs')
}
