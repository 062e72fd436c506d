import {
  type AlertRow,
  type AppError,
  type BridgeInput,
  type EngineMethod,
  type EngineOutputs,
} from '@parley/contracts'

import { put } from '../engine/testing/open-cache.ts'
import { alert, offer, someId, team } from '../engine/testing/rows.ts'
import { aMorning } from './conversations.ts'
import { inManyScripts } from './scripts.ts'
import { World, ago, happen, runningClock, say, stoppedClock } from './world.ts'

export type Ask = <Method extends EngineMethod>(
  method: Method,
  input: BridgeInput<Method>,
) => Promise<EngineOutputs[Method]>

/** What the preview opens with. */
export interface Scene {
  /** What there is at this company; default: a morning at work. */
  world?(): World
  /** How the server is: it answers, it cannot be reached any more, or it never comes to the end of the first load. */
  server?: 'there' | 'lost' | 'loading'
  /** How far its clock is ahead of this device's. */
  serverAheadMs?: number
  /** Whether the person is signed in, and their session still good. */
  session?: 'good' | 'over' | 'withdrawn' | 'none'
  /** What has become of what is saved on this device since it was closed. */
  trouble?: 'key_store' | 'newer' | 'damaged'
  /** The company has more open conversations than this device holds. */
  isPartial?: true
  /** What the person has done. */
  act?(ask: Ask, world: World): Promise<unknown>
  /** What the server refuses of it, by procedure. */
  refuses?(world: World): Readonly<Record<string, AppError>>
}

export const SCENES = {
  inbox: {},
  due: { world: withClocks },
  empty: { world: () => new World() },
  scripts: { world: () => inManyScripts() },
  keyStore: { trouble: 'key_store' },
  newer: { trouble: 'newer' },
  damaged: { trouble: 'damaged' },
  offline: { server: 'lost', act: workOn },
  partial: { server: 'lost', isPartial: true },
  refused: {
    act: async (ask, world) => {
      await workOn(ask, world)
      await ask('conversation.claim', conversationOf(world, 'Abril Santoyo'))
    },
    refuses: () => ({
      'messages.send': { code: 'window_closed', details: { endedAt: ago(30) } },
      'conversations.close': { code: 'forbidden', details: {} },
      'conversations.claim': { code: 'not_found', details: {} },
    }),
  },
  conflict: {
    world: () => {
      const world = aMorning()
      const [ofelia, ivan] = [world.of('Ofelia Narváez'), world.of('Iván Rentería')]
      ofelia.draft = 'Hola, Ofelia. Reviso tu transferencia.'
      happen(ofelia, 0.1, {
        type: 'conversation.assigned',
        actorId: world.paola.id,
        newValue: { assigned_to: world.paola.id },
        metadata: { assignment_method: 'claim' },
      })
      say(
        ivan,
        world.rodrigo,
        27,
        'Iván, ya lo localicé. Entró con el nombre incompleto, lo estoy liberando. Lo verás en unos 15 minutos.',
      )
      return world
    },
    act: async (ask, world) => {
      const ivan = world.of('Iván Rentería')
      await ask('conversation.claim', conversationOf(world, 'Ofelia Narváez'))
      await ask('conversation.reply', {
        conversationId: ivan.conversation.id,
        text: ivan.draft,
      })
    },
    refuses: ({ paola, rodrigo }) => ({
      'conversations.claim': {
        code: 'conflict',
        details: {
          by: paola.id,
          assignedTo: paola.id,
          at: ago(0.1),
          action: 'conversation.assigned',
        },
      },
      'messages.send': { code: 'reply_outdated', details: { by: rodrigo.id, at: ago(27) } },
    }),
  },
  expired: { session: 'over' },
  withdrawn: { session: 'withdrawn' },
  'signed-out': { session: 'none' },
  bootstrapping: { server: 'loading' },
  offer: {
    world: () => {
      const world = aMorning()
      const names = ['Ofelia Narváez', 'Samuel Ibarra', 'Abril Santoyo']
      for (const [n, name] of names.entries()) {
        const { conversation } = world.of(name)
        const offered = offer(conversation.id, {
          userId: world.me.id,
          teamId: conversation.teamId ?? '',
          offeredAt: ago(0),
          expiresAt: ago(-(20 + n * 15)),
        })
        world.others.push(put('offer', offered))
      }
      return world
    },
  },
  finishing: {
    world: () => {
      const world = aMorning()
      world.myPresence.isFinishing = true
      return world
    },
  },
  missed: {
    world: () => {
      const world = aMorning()
      Object.assign(world.myPresence, { status: 'away', reason: 'missed_offers' })
      return world
    },
  },
  alerts: {
    world: () => {
      const world = withClocks()
      raise(world, 'Héctor Quintanilla', 'breach', 6)
      raise(world, 'Lucía Barrientos', 'warning', 2)
      raise(world, 'Samuel Ibarra', 'warning', 1)
      endedAlerts(world)
      return world
    },
  },
  escalation: {
    world: () => {
      const world = withEscalation()
      endedAlerts(world)
      return world
    },
  },
  'escalation-offline': { world: withEscalation, server: 'lost', act: workOn },
  storm: {
    world: () => {
      const world = withClocks()
      const waiting = world.threads.flatMap(({ conversation, customer }) =>
        conversation.status === 'queued' && customer.name !== null ? [customer.name] : [],
      )
      for (const [n, name] of waiting.entries()) {
        if (n < 3) raise(world, name, 'escalation', 4 - n)
        else if (n < 10) raise(world, name, 'breach', 3 - n / 5)
      }
      endedAlerts(world)
      return world
    },
  },
  wallboard: { world: withEscalation },
  'many-teams': {
    world: () => {
      const world = withEscalation()
      world.me.role = 'admin'
      for (const [n, name] of MANY_TEAMS.entries()) {
        const row = team(someId(), { name, slug: `team-${n}` })
        world.others.push(put('team', row))
        world.me.teamIds.push(row.id)
      }
      return world
    },
  },
} as const satisfies Record<string, Scene>

export type SceneName = keyof typeof SCENES

/** A company's own names, which are longer than anybody draws them. */
const MANY_TEAMS = [
  'Atención a clientes empresariales',
  'Aclaraciones y contracargos',
  'Cobranza preventiva',
  'Fraudes',
  'Inversiones',
  'Créditos hipotecarios',
  'Seguros',
  'Banca en línea',
  'Retención',
  'Customer service',
  'Wholesale & partnerships',
]

function conversationOf(world: World, name: string): { conversationId: string } {
  return { conversationId: world.of(name).conversation.id }
}

/** Two replies and a closing. */
async function workOn(ask: Ask, world: World): Promise<void> {
  await ask('conversation.reply', {
    ...conversationOf(world, 'Lucía Barrientos'),
    text: 'Cae entre 24 y 72 horas hábiles, Lucía. Como la aclaración entró hoy, lo verías a más tardar el jueves.',
  })
  await ask('conversation.reply', {
    ...conversationOf(world, 'Kayla Whitmore'),
    text: 'The deadline is next Friday.',
  })
  await ask('conversation.close', {
    ...conversationOf(world, 'Refugio Anaya'),
    reason: 'resolved',
  })
}

/** The first ones are late or nearly so; who waits for the customer has a clock that stands still. */
function withClocks(): World {
  const world = aMorning()
  const dueIn = [-6, 4.2, 42, 1.8, 2.3, 5.1, 7.5, 8.3, 9.7, 12, 25]
  for (const { conversation } of world.threads) {
    if (conversation.status === 'closed') {
      conversation.clocks = [stoppedClock('first_response', 160), stoppedClock('resolution', 900)]
    } else if (conversation.status === 'pending_customer') {
      const paused = { ...runningClock('resolution', 200, 280), warnsAt: null, dueAt: null }
      conversation.clocks = [{ ...paused, state: 'paused' }, stoppedClock('first_response', 160)]
    } else {
      const minutes = dueIn.shift()
      if (minutes === undefined) continue
      const name = conversation.firstResponseAt === null ? 'first_response' : 'resolution'
      conversation.clocks = [
        runningClock(name, minutes < 12 ? 44 : 30, minutes),
        runningClock('escalation', 20, Math.max(minutes, 0) + 7.5),
      ]
      conversation.nextDueAt = conversation.clocks[0]?.dueAt ?? null
    }
  }
  return world
}

/** A colleague's customer waits too long. */
function withEscalation(): World {
  const world = withClocks()
  world.of('Héctor Quintanilla').conversation.assignedTo = world.rodrigo.id
  raise(world, 'Héctor Quintanilla', 'escalation', 1.3)
  return world
}

function raise(
  world: World,
  name: string,
  kind: AlertRow['kind'],
  minutesAgo: number,
  given: Partial<AlertRow> = {},
): void {
  const { conversation } = world.of(name)
  const isEscalation = kind === 'escalation'
  const row = alert({
    userId: world.me.id,
    kind,
    clock: isEscalation ? 'escalation' : 'first_response',
    conversationId: conversation.id,
    teamId: conversation.teamId,
    level: isEscalation ? 1 : null,
    dueAt: ago(kind === 'warning' ? minutesAgo - 6 : Math.max(6, minutesAgo)),
    raisedAt: ago(minutesAgo),
    risesAt: isEscalation ? ago(minutesAgo - 5) : null,
    ...given,
  })
  world.others.push(put('alert', row))
}

function endedAlerts(world: World): void {
  raise(world, 'Tadeo Luna', 'warning', 14, { endedAt: ago(9), endReason: 'resolved' })
  raise(world, 'Carmen Iturbide', 'breach', 38, {
    endedAt: ago(35),
    endReason: 'acknowledged',
    acknowledgedBy: world.rodrigo.id,
  })
}
