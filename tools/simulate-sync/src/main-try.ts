import { startCluster } from './cluster.ts'
import { takeOverNetwork } from './network.ts'
import { watchPostgres } from './postgres-watch.ts'
import { watchListening } from './servers.ts'
import { watchSqlite } from './sqlite-watch.ts'
import { real, takeOverTime } from './virtual-time.ts'
import { planOf, simulate } from './simulate.ts'
import { assertKnowsAll } from './deeds.ts'
import { assertKnowsKinds } from './held-rows.ts'
assertKnowsAll(); assertKnowsKinds()
const cluster = await startCluster()
takeOverTime(); watchPostgres(); watchSqlite(); watchListening(); takeOverNetwork()
process.on('unhandledRejection', (e) => { if ((e as any)?.name !== 'Crashed') console.log('UNHANDLED', e) })
import { live } from './world.ts'
setInterval; 
if (process.env.DBG) { const t0 = real.now(); const iv = () => { console.log('DBG', Math.round(real.now()-t0), live.world?.nowMs, live.where, live.world?.history.slice(-2)); (real.setTimeout as any)(iv, 3000) }; (real.setTimeout as any)(iv, 3000) }
const [from, to, size, steps, filter] = process.argv.slice(2).map(Number)
try {
for (let seed = from!; seed <= to!; seed++) {
  let t = real.now()
  const plan = planOf(seed, {workstations: size!, steps: steps!})
  const out = await simulate(filter ? {...plan, steps: plan.steps.filter(s => s.kind !== 'misfortune')} : plan, cluster)
  console.log('seed', seed, Math.round(real.now() - t), out.digest, out.faults.length)
  for (const f of out.faults.slice(0,8)) console.log('   ', f.slice(0,600))
  if (process.env.HIST) console.log(out.history.join('\n'))
}
} finally { await cluster.stop() }
process.exit(0)
