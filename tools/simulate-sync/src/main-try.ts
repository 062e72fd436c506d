import { startCluster } from './cluster.ts'
import { takeOverNetwork } from './network.ts'
import { watchPostgres } from './postgres-watch.ts'
import { watchListening } from './servers.ts'
import { watchSqlite } from './sqlite-watch.ts'
import { real, takeOverTime } from './virtual-time.ts'
import { World } from './world.ts'

const cluster = await startCluster()
takeOverTime(); watchPostgres(); watchSqlite(); watchListening(); takeOverNetwork()
process.on('unhandledRejection', (e) => { console.log('UNHANDLED', e) })
try {
for (const seed of [1,2]) {
  let t = real.now()
  const lap = (w: string) => { console.log(w, Math.round(real.now() - t)); t = real.now() }
  const world = await World.begin(seed, 4, cluster)
  lap('begin')
  for (const w of world.workstations) console.log(w.name, JSON.stringify(await w.session()).slice(0,150), JSON.stringify(await w.call('connection.get')).slice(0,120))
  for (const c of world.customers) world.write(c, 'hola, tengo un problema con mi pago')
  await world.advance(3000)
  lap('3s')
  console.log(await world.database.query('select status, team_id, assigned_to from conversations'))
  for (const w of world.workstations) console.log(w.name, w.read('select count(*) from messages'), w.read('select count(*) from conversations'), JSON.stringify(await w.call('inbox.counts')))
  await world.advance(60000)
  lap('60s')
  console.log(world.workstations.map(w=>w.told.length), world.findings)
  await world.end()
  lap('end')
}
} finally { await cluster.stop() }
process.exit(0)
