import {
  ENGINE_INPUTS,
  type AlertView,
  type BridgeResult,
  type ConversationView,
  type EngineMethod,
  type InboxList,
  type InboxRow,
  type IntentKind,
  type OfferView,
  type OutboxView,
  type TagsView,
  type ThreadPage,
} from '@parley/contracts'
import { ALERT_CHANNELS, CLOSE_REASONS, PRIORITIES } from '@parley/domain'

import { REGISTRY } from '../../../apps/desktop/src/engine/features.ts'
import { heldMarks } from './held-rows.ts'
import { type Deed } from './journal.ts'
import { type Random } from './random.ts'
import { type Workstation } from './workstation.ts'
import { SETTING_INVENTIONS, SETTING_LOOKS } from './settings-deeds.ts'
import { type World } from './world.ts'

/** What somebody is about to do. */
interface Asked {
  input: unknown
  conversationId?: string
  /** Words that stand nowhere else. */
  words?: string
  /** As the history tells it. */
  says?: string
  /** What it does to what the journal knows. */
  afterwards?: (answer: BridgeResult<unknown> | null) => void
}

export interface Scene {
  world: World
  workstation: Workstation
  random: Random
}

type Invent = (scene: Scene) => Promise<Asked | null>
/** What is asked; null where there is nothing to ask about. */
export type Look = (scene: Scene) => Promise<unknown>

/** How likely, how it is made up, and which intents come of it. */
export interface Invention {
  weight: number
  intents?: readonly IntentKind[]
  invent: Invent
}

/** Everything that a person does, by the engine's method. */
const INVENTIONS: Partial<Record<EngineMethod, Invention>> = {
  ...SETTING_INVENTIONS,
  'conversation.claim': onOne(6, ['claim'], 'claim'),
  'conversation.release': onOne(4, ['release'], 'release'),
  'conversation.takeOver': onOne(4, ['take_over'], 'takeOver'),
  'conversation.reopen': onOne(7, ['reopen'], 'reopen', 'closed'),
  'conversation.close': onOne(5, ['close'], 'close', 'open', ({ random }) => ({
    reason: random.one(CLOSE_REASONS),
  })),
  'conversation.setPriority': onOne(3, ['set_priority'], 'setPriority', 'open', ({ random }) => ({
    priority: random.one(PRIORITIES),
  })),
  'conversation.assign': onOne(4, ['assign'], 'assign', 'open', ({ world, random }) => ({
    userId: random.one(world.people).id,
  })),
  'conversation.transfer': onOne(5, ['transfer'], 'transfer', 'open', ({ world, random }) => ({
    to: random.chance(0.6)
      ? { kind: 'team', teamId: random.one(world.teams) }
      : { kind: 'person', userId: random.one(world.people).id },
    note: `note ${random.seed()}`,
  })),
  'conversation.claimNext': {
    weight: 2,
    invent: async ({ world, random }) => ({
      input: { teamId: random.chance(0.5) ? null : random.one(world.teams) },
    }),
  },
  'conversation.undo': {
    weight: 4,
    intents: ['undo'],
    async invent({ world, workstation, random }) {
      const deed = random.maybeOne(
        world.journal.deeds.filter(
          ({ device, method, outcome }) =>
            device === workstation.index &&
            /\.(close|release|transfer|assign)$/.test(method) &&
            outcome !== null &&
            'intentIds' in outcome,
        ),
      )
      if (deed === undefined || deed.conversationId === null || deed.outcome === null) return null
      const [of] = 'intentIds' in deed.outcome ? deed.outcome.intentIds : []
      if (of === undefined) return null
      // Taken back before it left, it never was.
      world.journal.givenUp.add(of)
      return {
        input: { conversationId: deed.conversationId, of },
        conversationId: deed.conversationId,
        says: `undoes deed ${deed.number}`,
      }
    },
  },
  'conversation.reply': {
    weight: 18,
    intents: ['reply'],
    async invent(scene) {
      const row = (await lastAnswered(scene)) ?? (await chooseRow(scene, 'open', 'reply'))
      if (row === null) return null
      const words = `reply ${scene.world.journal.deeds.length + 1}-${scene.random.seed()}`
      const key = draftKey(scene.workstation, row.id)
      const before = scene.world.journal.drafts.get(key)
      scene.world.journal.drafts.set(key, new Set([...(before ?? ['']), '']))
      return {
        input: { conversationId: row.id, text: words },
        conversationId: row.id,
        words,
        afterwards: (answer) => {
          if (answer?.ok === true) scene.world.journal.drafts.set(key, new Set(['']))
          else if (answer !== null && before !== undefined)
            scene.world.journal.drafts.set(key, before)
        },
      }
    },
  },
  'conversation.saveDraft': {
    weight: 6,
    async invent(scene) {
      const row = await chooseRow(scene, 'open', null)
      if (row === null) return null
      const text = scene.random.chance(0.2) ? '' : `draft ${scene.random.seed()}`
      const key = draftKey(scene.workstation, row.id)
      const before = scene.world.journal.drafts.get(key) ?? new Set([''])
      scene.world.journal.drafts.set(key, new Set([...before, text]))
      return {
        input: { conversationId: row.id, text },
        conversationId: row.id,
        afterwards: (answer) => {
          if (answer?.ok === true) scene.world.journal.drafts.set(key, new Set([text]))
          else if (answer !== null) scene.world.journal.drafts.set(key, before)
        },
      }
    },
  },
  'conversation.retryMessage': onMessage('retry'),
  'conversation.settleMessage': onMessage('settle', ({ random }) => ({
    as: random.one(['sent', 'discarded'] as const),
  })),
  'tags.add': onTag('add_tag'),
  'tags.drop': onTag('drop_tag'),
  'tags.create': {
    weight: 1,
    invent: async ({ world, random }) => ({
      input: {
        name: `tag ${random.seed()}`,
        color: '#22C55E',
        teamId: random.chance(0.5) ? null : random.one(world.teams),
      },
    }),
  },
  'tags.save': ofTags(1, ({ id, version, name, teamId }, { random }) => ({
    id,
    basedOn: version,
    name: random.chance(0.5) ? name : `tag ${random.seed()}`,
    color: '#F97316',
    teamId,
  })),
  'tags.remove': ofTags(1, ({ id }) => ({ id })),
  'tags.setRule': {
    weight: 1,
    invent: async ({ world, random }) => ({
      input: { teamId: random.one(world.teams), requiredOnClose: random.chance(0.5) },
    }),
  },
  'alerts.acknowledge': {
    weight: 12,
    intents: ['acknowledge'],
    async invent({ world, workstation, random }) {
      const alert = random.maybeOne(
        (await world.ask<AlertView[]>(workstation, 'alerts.list')) ?? [],
      )
      return alert === undefined ? null : { input: { alertId: alert.id } }
    },
  },
  'alerts.acknowledgeAll': {
    weight: 4,
    intents: ['acknowledge'],
    async invent({ world, workstation }) {
      const alerts = (await world.ask<AlertView[]>(workstation, 'alerts.list')) ?? []
      return alerts.length === 0 ? null : { input: { alertIds: alerts.map(({ id }) => id) } }
    },
  },
  'alerts.savePreferences': {
    weight: 1,
    invent: async ({ random }) => ({
      input: {
        preferences: {
          warning: { channel: random.one(ALERT_CHANNELS), sound: random.chance(0.5) },
          breach: { channel: random.one(ALERT_CHANNELS), sound: random.chance(0.5) },
          quiet: null,
        },
      },
    }),
  },
  'reads.markRead': onMark(10),
  'reads.markUnread': onMark(4),
  'presence.set': {
    weight: 3,
    invent: async ({ random }) => ({
      input: random.chance(0.6)
        ? { status: 'online', reason: null }
        : { status: 'away', reason: random.one(['break', 'lunch']) },
    }),
  },
  'presence.setFinishing': {
    weight: 1,
    invent: async ({ random }) => ({ input: { isFinishing: random.chance(0.3) } }),
  },
  'presence.endShift': { weight: 1, invent: async () => ({ input: undefined }) },
  'presence.setOf': {
    weight: 1,
    invent: async ({ world, random }) => ({
      input: {
        userId: random.one(world.people).id,
        status: random.one(['online', 'busy']),
        reason: null,
        isFinishing: random.chance(0.3),
      },
    }),
  },
  'presence.setCapacity': {
    weight: 1,
    invent: async ({ world, random }) => ({
      input: { userId: random.one(world.people).id, capacity: random.int(0, 8) },
    }),
  },
  'offers.accept': onOffer(5),
  'offers.refuse': onOffer(6),
  'outbox.retry': onRefused(8, (intent, { world }) => {
    if (intent.text !== null) world.journal.sentAgain.add(intent.text)
  }),
  'outbox.discard': onRefused(6, ({ intentId }, { world }) => {
    world.journal.givenUp.add(intentId)
  }),
  'session.signOut': {
    weight: 1,
    async invent({ world, workstation, random }) {
      const { journal } = world
      // Whatever this device alone knows goes with it, or has to go first.
      const unsent = workstation.read<{ id: string }>('SELECT intent_id AS id FROM outbox') ?? []
      const discardUnsent = random.chance(0.3)
      if (discardUnsent) for (const { id } of unsent) journal.givenUp.add(id)
      const begins = `${workstation.index} `
      const drafts = [...journal.drafts.keys()].filter((key) => key.startsWith(begins))
      for (const key of drafts) journal.drafts.get(key)?.add('')
      world.laterQuery(random.int(2, 40) * 1000, async () => void (await world.signIn(workstation)))
      return { input: { discardUnsent } }
    },
  },
  'connection.retryNow': { weight: 1, invent: async () => ({ input: undefined }) },
  'problems.acknowledge': {
    weight: 4,
    async invent({ world, workstation, random }) {
      const problems = (await world.ask<{ id: string }[]>(workstation, 'problems.list')) ?? []
      const problem = random.maybeOne(problems)
      return problem === undefined ? null : { input: { problemId: problem.id } }
    },
  },
}

/** What the server has found for somebody is remembered by what was asked: it is looked at with the same question. */
export const MOST_HITS = 100
export const SEARCHED = ['hola', 'pago', 'reply', 'tag:vip', 'due:overdue', 'Customer 1']

/** What only looks: asked now and then, so that no view throws whatever state the cache is in. */
const LOOKS: Partial<Record<EngineMethod, Look>> = {
  ...SETTING_LOOKS,
  'session.get': async () => undefined,
  'session.unsent': async () => undefined,
  'connection.get': async () => undefined,
  'directory.get': async () => undefined,
  'wallboard.get': async () => undefined,
  'inbox.counts': async () => undefined,
  'inbox.list': async ({ world, random }) => ({
    view: random.one([
      { kind: 'mine' },
      { kind: 'open' },
      { kind: 'closed' },
      { kind: 'team', teamId: random.one(world.teams) },
    ]),
    limit: 50,
  }),
  'conversation.get': async (scene) => ofRow(await chooseRow(scene, 'open', null)),
  'conversation.thread': async (scene) => {
    const row = await chooseRow(scene, scene.random.one(['open', 'closed'] as const), null)
    return row && { conversationId: row.id, before: null, limit: scene.random.int(1, 50) }
  },
  'search.query': async ({ random }) => ({
    text: random.one(SEARCHED),
    limit: MOST_HITS,
  }),
  'tags.list': async () => undefined,
  'account.own': async () => undefined,
  'people.find': async () => ({
    text: '',
    roles: [],
    teamId: null,
    states: [],
    page: null,
    limit: 50,
  }),
  'sessions.find': async () => ({ userId: null, page: null, limit: 50 }),
  'teams.list': async () => undefined,
  'security.policy': async () => undefined,
  'groups.mappings': async () => undefined,
  'signOn.providers': async () => undefined,
  'audit.find': async () => ({
    before: null,
    limit: 50,
    actorId: null,
    targetId: null,
    actions: [],
    from: null,
    to: null,
  }),
  'directory.lookAt': async ({ world, random }) => ({ userIds: [random.one(world.people).id] }),
  'alerts.list': async () => undefined,
  'alerts.preferences': async () => undefined,
  'offers.list': async () => undefined,
  'outbox.list': async () => undefined,
  'problems.list': async () => undefined,
  'cannedResponses.list': async ({ world, random }) => ({
    teamId: random.chance(0.3) ? null : random.one(world.teams),
  }),
}

const ADMINISTERED = 'the world itself changes roles, teams and access, from the server’s side'

/** What nobody does here, and why. */
const LEFT_OUT: Partial<Record<EngineMethod, string>> = {
  'session.signIn': 'the world signs people in, when it must and at the end',
  'session.openOffline': 'a workstation that starts without a network opens its cache by itself',
  'session.openAgain': 'no cache is damaged here',
  'session.startFresh': 'no cache is damaged here',
  'session.carriedOverSeen': 'no cache is damaged here',
  'session.lookAtLink': 'nobody is invited: the world has its people from the start',
  'session.useLink': 'nobody is invited: the world has its people from the start',
  'session.lock': 'the world signs people in, when it must and at the end',
  'session.recoveryCodesSeen': 'nobody sets up a second factor',
  'session.signOnOptions': 'the world has no provider',
  'session.signOn': 'the world has no provider',
  'session.cancelSignOn': 'the world has no provider',
  'account.changePassword':
    'takes a second of hashing, and changes nothing that a workstation holds',
  'account.beginSecondFactor': 'codes go by the clock of the world outside',
  'account.confirmSecondFactor': 'codes go by the clock of the world outside',
  'account.removeSecondFactor': 'codes go by the clock of the world outside',
  'account.renewRecoveryCodes': 'codes go by the clock of the world outside',
  'people.invite': ADMINISTERED,
  'people.makeLink': ADMINISTERED,
  'people.save': ADMINISTERED,
  'people.setRole': ADMINISTERED,
  'people.setTeams': ADMINISTERED,
  'people.setActive': ADMINISTERED,
  'people.removeSecondFactor': ADMINISTERED,
  'people.takeOver': ADMINISTERED,
  'groups.saveMappings': ADMINISTERED,
  'signOn.save': ADMINISTERED,
  'signOn.remove': ADMINISTERED,
  'signOn.check': ADMINISTERED,
  'signOn.setBreakGlass': ADMINISTERED,
  'signOn.unlink': ADMINISTERED,
  'sessions.end': ADMINISTERED,
  'teams.create': ADMINISTERED,
  'teams.save': ADMINISTERED,
  'teams.setActive': ADMINISTERED,
  'teams.moveOpen': ADMINISTERED,
  'security.savePolicy': ADMINISTERED,
  'audit.beginExport': 'writes to a file of main’s, and changes nothing that a workstation holds',
  'audit.exportPage': 'writes to a file of main’s, and changes nothing that a workstation holds',
  'routing.replay':
    'works in a thread of its own, which the world does not see, and changes nothing',
  'triage.testModel': 'asks somebody over a network that is not simulated, and changes nothing',
}

const DEEDS = Object.entries(INVENTIONS) as [EngineMethod, Invention][]

/** Everything that there is to do, or to look at. */
export const DOABLE = [...Object.keys(INVENTIONS), ...Object.keys(LOOKS)] as EngineMethod[]

/** @throws where the code has an intent or a method that nobody here knows how to make up */
export function assertKnowsAll(): void {
  const made = new Set(DEEDS.flatMap(([, { intents = [] }]) => intents))
  const intents = REGISTRY.features.flatMap(({ intents: own = {} }) => Object.keys(own))
  const methods = new Set<string>([
    ...Object.keys(INVENTIONS),
    ...Object.keys(LOOKS),
    ...Object.keys(LEFT_OUT),
  ])
  const unknown = [
    ...intents.filter((kind) => !made.has(kind as IntentKind)).map((kind) => `the intent ${kind}`),
    ...Object.keys(ENGINE_INPUTS)
      .filter((method) => !methods.has(method))
      .map((method) => `the method ${method}`),
  ]
  if (unknown.length > 0) {
    throw new Error(
      `The simulation does not know how to make up ${unknown.join(', ')}: add them to deeds.ts`,
    )
  }
}

/** Somebody does something, or looks at something. Only begun: what comes of it comes with time. */
export async function doSomething(
  world: World,
  workstation: Workstation,
  random: Random,
): Promise<void> {
  if (!workstation.isRunning || workstation.isAsleep) return
  const scene = { world, workstation, random }
  const looks = Object.keys(LOOKS).filter((method) => isDone(world, method))
  if (random.chance(world.deeds !== null && looks.length > 0 ? 0.5 : 0.2)) {
    return await lookAtSomething(scene, looks.length > 0 ? looks : Object.keys(LOOKS))
  }
  const among = DEEDS.filter(([method]) => isDone(world, method))
  for (let tries = 0; tries < 4; tries++) {
    const method = random.weighted(among.map(([name, { weight }]) => [name, weight] as const))
    if (!(await doOne(scene, method))) continue
    // Who has begun to answer often has more to say.
    if (method === 'conversation.reply' && random.chance(0.4)) await doOne(scene, method)
    return
  }
}

/** @returns false where there is nothing to do it with */
async function doOne(scene: Scene, method: EngineMethod): Promise<boolean> {
  const { world, workstation } = scene
  const asked = (await INVENTIONS[method]?.invent(scene)) ?? null
  if (asked === null) return false
  assertCanBeAsked(method, asked.input)
  const deed = world.journal.add({
    device: workstation.index,
    personId: workstation.person.id,
    method,
    conversationId: asked.conversationId ?? null,
    atMs: world.nowMs,
    words: asked.words ?? null,
  })
  world.say(
    `${workstation.name}: ${asked.says ?? method} ${world.describe(asked.input)} (deed ${deed.number})`,
  )
  void workstation.call(method, asked.input).then((answer) => {
    if (answer !== null) deed.outcome = outcomeOf(answer)
    if (answer?.ok === true) world.journal.carriedOut.add(method)
    asked.afterwards?.(answer)
  })
  return true
}

function outcomeOf(answer: BridgeResult<unknown>): Deed['outcome'] {
  if (!answer.ok) return { refusal: answer.error.code }
  const { intentId } = (answer.value ?? {}) as { intentId?: string }
  return { intentIds: intentId === undefined ? [] : [intentId] }
}

const isDone = ({ deeds }: World, method: string): boolean =>
  deeds?.includes(method as EngineMethod) ?? true

async function lookAtSomething(scene: Scene, among: readonly string[]): Promise<void> {
  const method = scene.random.one(among) as EngineMethod
  const input = await LOOKS[method]?.(scene)
  if (input === null) return
  assertCanBeAsked(method, input)
  const { carriedOut } = scene.world.journal
  void scene.workstation.call(method, input).then((answer) => {
    if (answer?.ok === true) carriedOut.add(method)
  })
}

/** @throws where nobody's window asks such a thing: it would be refused before anything came of it */
function assertCanBeAsked(method: EngineMethod, input: unknown): void {
  const { error } = ENGINE_INPUTS[method].safeParse(input)
  if (error !== undefined) throw new Error(`${method} cannot be asked so: ${error.message}`)
}

/** One of a list; mostly one with which this may be done. */
async function chooseRow(
  { world, workstation, random }: Scene,
  kind: 'open' | 'closed',
  ability: keyof ConversationView['abilities'] | null,
): Promise<InboxRow | null> {
  const list = await world.ask<InboxList>(workstation, 'inbox.list', { view: { kind }, limit: 100 })
  const rows = list?.sections.flatMap((section) => section.rows) ?? []
  if (ability === null || random.chance(0.1)) return random.maybeOne(rows) ?? null
  const able: InboxRow[] = []
  for (const row of rows) {
    const view = await world.ask<ConversationView>(workstation, 'conversation.get', {
      conversationId: row.id,
    })
    if (view?.abilities[ability] === true) able.push(row)
  }
  return random.maybeOne(able) ?? null
}

/** Where they answered last. */
async function lastAnswered({ world, workstation, random }: Scene): Promise<{ id: string } | null> {
  if (random.chance(0.4)) return null
  const last = world.journal.deeds.findLast(
    ({ device, words }) => device === workstation.index && words !== null,
  )
  const id = last?.conversationId ?? null
  return id === null ? null : { id }
}

const ofRow = (row: InboxRow | null) => row && { conversationId: row.id }

function onOne(
  weight: number,
  intents: readonly IntentKind[],
  ability: keyof ConversationView['abilities'] | null,
  kind: 'open' | 'closed' = 'open',
  more: (scene: Scene) => object = () => ({}),
): Invention {
  return {
    weight,
    intents,
    async invent(scene) {
      const row = await chooseRow(scene, kind, ability)
      return row && { input: { conversationId: row.id, ...more(scene) }, conversationId: row.id }
    },
  }
}

function onMark(weight: number): Invention {
  return {
    weight,
    async invent(scene) {
      const row = await chooseRow(scene, 'open', null)
      if (row === null) return null
      const { world, workstation } = scene
      return {
        input: { conversationId: row.id },
        conversationId: row.id,
        afterwards: (answer) => {
          const mark = heldMarks(workstation).find((one) => one.conversationId === row.id)
          if (answer?.ok !== true || mark === undefined) return
          const { turn, seq } = mark
          const made = { turn, seq, device: workstation.index, atMs: world.nowMs }
          world.journal.mark(workstation.person.id, row.id, made)
        },
      }
    },
  }
}

function onMessage(
  intent: 'retry' | 'settle',
  more: (scene: Scene) => object = () => ({}),
): Invention {
  return {
    weight: 8,
    intents: [intent],
    async invent(scene) {
      const row = await chooseRow(scene, 'open', null)
      if (row === null) return null
      const page = await scene.world.ask<ThreadPage>(scene.workstation, 'conversation.thread', {
        conversationId: row.id,
        before: null,
        limit: 100,
      })
      const inDoubt = (page?.entries ?? []).flatMap((entry) =>
        entry.type === 'message' &&
        (entry.message.status === 'failed' || entry.message.ambiguousAt !== null)
          ? entry.message
          : [],
      )
      const message = scene.random.maybeOne(inDoubt)
      if (message === undefined) return null
      if (intent === 'retry' && message.text !== null)
        scene.world.journal.sentAgain.add(message.text)
      return {
        input: { conversationId: row.id, messageId: message.id, ...more(scene) },
        conversationId: row.id,
      }
    },
  }
}

function onTag(intent: 'add_tag' | 'drop_tag'): Invention {
  return {
    weight: 4,
    intents: [intent],
    async invent(scene) {
      const row = await chooseRow(scene, 'open', null)
      const tags = (await scene.world.ask<TagsView>(scene.workstation, 'tags.list'))?.tags ?? []
      const tag = scene.random.maybeOne(tags)
      if (row === null || tag === undefined) return null
      return { input: { conversationId: row.id, tagId: tag.id }, conversationId: row.id }
    },
  }
}

function ofTags(
  weight: number,
  input: (tag: TagsView['tags'][number], scene: Scene) => object,
): Invention {
  return {
    weight,
    async invent(scene) {
      const tags = (await scene.world.ask<TagsView>(scene.workstation, 'tags.list'))?.tags ?? []
      const tag = scene.random.maybeOne(tags.filter(({ mayManage }) => mayManage))
      return tag === undefined ? null : { input: input(tag, scene) }
    },
  }
}

function onOffer(weight: number): Invention {
  return {
    weight,
    async invent({ world, workstation, random }) {
      const offer = random.maybeOne(
        (await world.ask<OfferView[]>(workstation, 'offers.list')) ?? [],
      )
      return offer === undefined ? null : { input: { offerId: offer.id } }
    },
  }
}

function onRefused(weight: number, note: (intent: OutboxView, scene: Scene) => void): Invention {
  return {
    weight,
    async invent(scene) {
      const intents = (await scene.world.ask<OutboxView[]>(scene.workstation, 'outbox.list')) ?? []
      const refused = scene.random.maybeOne(intents.filter(({ state }) => state === 'refused'))
      if (refused === undefined) return null
      note(refused, scene)
      return {
        input: { intentId: refused.intentId },
        says: `decides about a refused ${refused.kind}`,
      }
    },
  }
}

export const draftKey = ({ index }: Workstation, conversationId: string): string =>
  `${index} ${conversationId}`
