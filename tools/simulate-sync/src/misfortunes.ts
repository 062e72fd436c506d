import { doSomething } from './deeds.ts'
import { type Random } from './random.ts'
import { type Workstation } from './workstation.ts'
import { type World } from './world.ts'
import { network } from './network.ts'
import { time } from './virtual-time.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND

/** A procedure behind something that a person did. */
const IS_DEED = /^(messages|conversations|tags|alerts)\./

interface Misfortune {
  weight: number
  /** Of the whole world, and dear: not in every seed. */
  isRare?: true
  befall(world: World, workstation: Workstation, random: Random): Promise<void>
}

/** Undone by itself after a while, in the world's time. */
const later = (ms: number, undo: () => void): void => void time.schedule(undo, ms)

export const MISFORTUNES: Readonly<Record<string, Misfortune>> = {
  'a lossy line': {
    weight: 4,
    async befall(world, { name, line }, random) {
      line.dropRate = random.int(10, 50) / 100
      world.say(`${name}: the line loses ${Math.round(line.dropRate * 100)} of 100`)
      later(random.int(5, 60) * SECOND, () => (line.dropRate = 0))
    },
  },
  'a line that repeats': {
    weight: 3,
    async befall(world, { name, line }, random) {
      line.duplicateRate = 0.7
      world.say(`${name}: requests arrive twice`)
      later(random.int(5, 60) * SECOND, () => (line.duplicateRate = 0))
    },
  },
  'a slow line': {
    weight: 4,
    async befall(world, { name, line }, random) {
      line.delayMs = random.int(100, 6000)
      world.say(`${name}: up to ${line.delayMs} ms each way, requests overtake each other`)
      later(random.int(5, 60) * SECOND, () => (line.delayMs = 0))
    },
  },
  'a partition': {
    weight: 5,
    async befall(world, workstation, random) {
      if (workstation.isAsleep) return
      const { line, name, actor } = workstation
      line.state = random.chance(0.5) ? 'cut' : 'silent'
      if (line.state === 'cut') network.breakOff({ workstation: actor }, false)
      world.say(`${name}: the network is ${line.state}`)
      for (let deed = random.int(0, 3); deed > 0; deed--) {
        await doSomething(world, workstation, random)
      }
      later(random.int(2, 90) * SECOND, () => {
        if (workstation.isAsleep) return
        line.state = 'whole'
        network.flow(workstation.actor)
      })
    },
  },
  'a dead connection': {
    weight: 3,
    async befall(world, { name, actor }) {
      world.say(`${name}: its connection is open and dead`)
      network.kill(actor)
    },
  },
  'a broken connection': {
    weight: 3,
    async befall(world, { name, actor }) {
      world.say(`${name}: its connection breaks`)
      network.breakOff({ workstation: actor }, true)
    },
  },
  'a lost answer': {
    weight: 5,
    async befall(world, workstation, random) {
      const { name, line, actor } = workstation
      let left = random.int(1, 3)
      const breaksLine = random.chance(0.5)
      const isOfDeeds = random.chance(0.6)
      world.say(`${name}: the next ${left} answers ${isOfDeeds ? 'to deeds ' : ''}are lost`)
      line.losesAnswerOf = (path) => {
        const isLost = (!isOfDeeds || IS_DEED.test(path)) && left-- > 0
        // What the server says by the feed is lost with it.
        if (!isLost) return null
        if (breaksLine) network.kill(actor)
        return breaksLine ? 'told' : 'silent'
      }
      later(60 * SECOND, () => (line.losesAnswerOf = null))
      await doSomething(world, workstation, random)
    },
  },
  'a load broken off': {
    weight: 3,
    async befall(world, workstation, random) {
      let left = random.int(1, 2)
      world.say(`${workstation.name}: a fresh load is broken off`)
      workstation.line.losesAnswerOf = (path) =>
        path === 'sync.bootstrap' && left-- > 0 ? random.one(['told', 'silent'] as const) : null
      later(60 * SECOND, () => (workstation.line.losesAnswerOf = null))
      workstation.forgetCursor()
      network.breakOff({ workstation: workstation.actor }, true)
    },
  },
  sleep: {
    weight: 3,
    async befall(world, workstation, random) {
      if (!workstation.isRunning) return
      const seconds = random.int(5, 300)
      world.say(`${workstation.name}: sleeps for ${seconds} s`)
      workstation.sleep()
      later(seconds * SECOND, () => workstation.wake())
    },
  },
  'a clock that is wrong': {
    weight: 2,
    async befall(world, workstation, random) {
      const offset = random.int(-3 * HOUR, 3 * HOUR)
      world.say(`${workstation.name}: its clock is wrong by ${Math.round(offset / SECOND)} s`)
      workstation.setClock(offset)
    },
  },
  'a crash': {
    weight: 6,
    async befall(world, workstation, random) {
      if (!workstation.isRunning) return
      const statements = random.int(0, 60)
      const when = random.one(['before', 'after'] as const)
      world.say(`${workstation.name}: crashes ${when} the ${statements + 1}. statement from now`)
      workstation.crashAfter(statements, when)
      await doSomething(world, workstation, random)
      later(random.int(1, 20) * SECOND, () => {
        workstation.forgetCrash()
        workstation.crash()
        workstation.start()
      })
    },
  },
  'a full disk': {
    weight: 3,
    async befall(world, workstation, random) {
      world.say(`${workstation.name}: its disk is full`)
      workstation.isDiskFull = true
      await doSomething(world, workstation, random)
      later(random.int(1, 40) * SECOND, () => (workstation.isDiskFull = false))
    },
  },
  'kill -9 of a server': {
    weight: 3,
    async befall(world, workstation, random) {
      const server = random.one(world.servers)
      if (!server.isUp) return
      // Often with a transaction half done: of a person's deed, of a customer's words, or of the server's own.
      const statements = random.chance(0.7) ? random.int(1, 60) : 0
      if (statements > 0 && random.chance(0.5))
        world.write(random.one(world.customers), 'hola, otra vez')
      else if (statements > 0) await doSomething(world, workstation, random)
      await world.goOn(statements)
      world.say(`${server.actor.name} is killed, ${statements} statements on`)
      await world.killServer(server)
      world.startLater(server, random.int(0, 20) * SECOND)
    },
  },
  'a troubled channel': {
    weight: 4,
    async befall(world, _workstation, random) {
      world.say('Meta refuses and loses answers')
      world.graph.isTroubled = true
      later(random.int(20, 120) * SECOND, () => (world.graph.isTroubled = false))
    },
  },
  'another role': {
    weight: 3,
    async befall(world, { person }, random) {
      const role = random.one(['agent', 'team_lead', 'supervisor', 'admin'])
      world.say(`${person.name} becomes ${role}`)
      await world.database.query('UPDATE users SET role = $2 WHERE id = $1', [person.id, role])
    },
  },
  'other teams': {
    weight: 5,
    async befall(world, { person }, random) {
      const team = random.one(world.teams)
      const gone = await world.database.query(
        'DELETE FROM team_memberships WHERE user_id = $1 AND team_id = $2 RETURNING 1',
        [person.id, team],
      )
      if (gone.length === 0) {
        await world.database.query(
          'INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)',
          [person.id, team],
        )
      }
      const verb = gone.length === 0 ? 'joins' : 'leaves'
      world.say(`${person.name} ${verb} ${world.describe({ teamId: team })}`)
    },
  },
  'other canned responses': {
    weight: 2,
    async befall(world, _workstation, random) {
      const { database, people, teams } = world
      const [response] = await database.query<{ id: string }>(
        'SELECT id FROM canned_responses ORDER BY shortcut, id OFFSET $1 LIMIT 1',
        [random.int(0, 4)],
      )
      const team = random.chance(0.3) ? null : random.one(teams)
      if (response === undefined) {
        world.say('a canned response is added')
        await database.query(
          `INSERT INTO canned_responses (team_id, shortcut, title, content, created_by) VALUES ($1, $2, 'x', 'y', $3)`,
          [team, `c${random.seed()}`, random.one(people).id],
        )
      } else if (random.chance(0.4)) {
        world.say('a canned response is removed')
        await database.query('DELETE FROM canned_responses WHERE id = $1', [response.id])
      } else {
        world.say('a canned response is written anew, for others')
        await database.query(
          'UPDATE canned_responses SET team_id = $2, content = $3 WHERE id = $1',
          [response.id, team, `content ${random.seed()}`],
        )
      }
    },
  },
  deactivation: {
    weight: 1,
    async befall(world, { person }, random) {
      world.say(`${person.name} is deactivated`)
      await world.setActive(person.id, false)
      if (random.chance(0.6)) {
        world.laterQuery(random.int(5, 60) * SECOND, async () => {
          world.say(`${person.name} is active again`)
          await world.setActive(person.id, true)
        })
      }
    },
  },
  'a revoked session': {
    weight: 1,
    async befall(world, { person }) {
      world.say(`${person.name}'s sessions are revoked`)
      await world.database.query(
        `UPDATE sessions SET ended_at = sim.now(), end_reason = 'revoked' WHERE user_id = $1 AND ended_at IS NULL`,
        [person.id],
      )
    },
  },
  'a restore': {
    weight: 2,
    isRare: true,
    async befall(world, _workstation, random) {
      if (world.momentAt === null) await world.keepMoment()
      else if (random.chance(0.7)) await world.goBack()
      else await world.keepMoment()
    },
  },
  'a long night': {
    weight: 1,
    isRare: true,
    async befall(world, _workstation, random) {
      const hours = random.one([1, 14, 80, 168])
      world.say(`nothing happens for ${hours} hours`)
      await world.leap(hours * HOUR)
    },
  },
  'a week asleep': {
    weight: 1,
    isRare: true,
    async befall(world, workstation) {
      if (!workstation.isRunning) return
      world.say(`${workstation.name}: sleeps for a week, and the others work`)
      workstation.sleep()
      await world.leap(168 * HOUR)
      workstation.wake()
    },
  },
}
