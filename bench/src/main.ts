import { bootstrap } from './bootstrap.ts'
import { connections } from './connections.ts'
import { directory } from './directory.ts'
import { engine } from './engine.ts'
import { intake } from './intake.ts'
import { latency } from './latency.ts'
import { UsageError, helpOf, parseOptions, type Bench } from './options.ts'
import { reads } from './reads.ts'
import { routing } from './routing.ts'
import { search } from './search.ts'
import { sla } from './sla.ts'
import { tags } from './tags.ts'

/** `npm run bench -- <name>`: each capability against its floor, measured in the same run. */
const BENCHES: Readonly<Record<string, Bench>> = {
  bootstrap,
  connections,
  directory,
  engine,
  intake,
  latency,
  reads,
  routing,
  search,
  sla,
  tags,
}

const HELP = `npm run bench -- NAME [options]\n\n${Object.entries(BENCHES)
  .map(([name, bench]) => helpOf(name, bench))
  .join('\n')}\n`

// npm passes what stands before its own end of options, too.
const [name, ...options] = process.argv.slice(2).filter((argument) => argument !== '--')
const chosen = name !== undefined && Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (name === '--help' || options.includes('--help')) {
  process.stdout.write(HELP)
} else if (chosen === undefined) {
  process.stderr.write(`${name === undefined ? '' : `there is no bench ${name}\n`}${HELP}`)
  process.exitCode = 1
} else {
  await run(chosen)
}

async function run(bench: Bench): Promise<void> {
  let values
  try {
    values = parseOptions(options, bench.options)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
    return
  }
  await bench.run(values as never)
}
