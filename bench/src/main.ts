import { benchBootstrap } from './bootstrap.ts'
import { benchConnections } from './connections.ts'
import { benchEngine } from './engine.ts'
import { benchIntake } from './intake.ts'
import { benchLatency } from './latency.ts'
import { benchReads } from './reads.ts'
import { benchRouting } from './routing.ts'
import { benchSearch } from './search.ts'
import { benchSla } from './sla.ts'
import { benchTags } from './tags.ts'

/** `npm run bench -- <name>`: each capability against its floor, measured in the same run. */
const BENCHES = {
  bootstrap: benchBootstrap,
  connections: benchConnections,
  engine: benchEngine,
  intake: benchIntake,
  latency: benchLatency,
  reads: benchReads,
  routing: benchRouting,
  search: benchSearch,
  sla: benchSla,
  tags: benchTags,
} as const

const [name, ...options] = process.argv.slice(2)
if (name === undefined || !(name in BENCHES)) {
  process.stderr.write(
    `Usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--seconds N] [--sizes 10000,100000]\n`,
  )
  process.exit(1)
}
await BENCHES[name as keyof typeof BENCHES](options)
