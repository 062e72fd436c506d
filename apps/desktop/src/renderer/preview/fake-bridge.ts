import type {
  AppError,
  Bridge,
  BridgeEvent,
  BridgeEvents,
  BridgeInput,
  BridgeMethod,
  BridgeOutputs,
  CannedResponseView,
  ConnectionView,
  ConversationView,
  InboxCounts,
  InboxRow,
  InboxSection,
  InboxView,
  OutboxView,
  Preferences,
  SearchHit,
  SessionView,
  ThreadEntry,
} from '@parley/contracts'
import { may } from '@parley/domain'

import { foldText, markMatch } from '../features/palette/fold-text.ts'
import { FakeRouting, type RoutingMethod } from './fake-routing.ts'
import { FakeSla, type SlaMethod, nearest } from './fake-sla.ts'
import { FakeTriage, type TriageMethod } from './fake-triage.ts'
import {
  ME,
  PEOPLE,
  TEAMS,
  type Thread,
  ago,
  buildWorld,
  happened,
  id,
  nextSeq,
  say,
} from './world.ts'

export type Scenario =
  | 'inbox'
  | 'offline'
  | 'refused'
  | 'conflict'
  | 'empty'
  | 'loading'
  | 'error'
  | 'due'
  | 'signin'
  | 'expired'
  | 'bootstrapping'
  | 'offer'
  | 'finishing'
  | 'missed'
  | 'queue'
  | 'settings'
  | 'settings-conflict'
  | 'skills'
  | 'replay'
  | 'triage'
  | 'triage-conflict'
  | 'triage-empty'
  | 'triage-error'
  | 'alerts'
  | 'escalation'
  | 'storm'
  | 'wallboard'
  | 'sla'
  | 'sla-conflict'
  | 'recomputing'
  | 'hours'
  | 'hours-problem'
  | 'violations'
  | 'preferences'

export interface PreviewSwitches {
  scenario: Scenario
  theme: Preferences['theme']
  language: Preferences['language']
  platform: 'linux' | 'darwin' | 'win32'
}

class Refused extends Error {
  readonly error: AppError
  constructor(error: AppError) {
    super(error.code)
    this.error = error
  }
}
const refuse = (code: AppError['code'], details: Record<string, unknown> = {}): never => {
  throw new Refused({ code, details, requestId: '7f3a91c2' })
}

/** The engine as the renderer sees it, in memory. It behaves; it does not pretend to be complete. */
export class FakeBridge implements Bridge {
  readonly #listeners = new Map<BridgeEvent, Set<(payload: never) => void>>()
  readonly #switches: PreviewSwitches
  readonly #threads: Thread[]
  #preferences: Preferences
  #session: SessionView
  #connection: ConnectionView
  #outbox: OutboxView[] = []
  #people = PEOPLE.map((person) => ({ ...person, presence: { ...person.presence } }))
  /** Offers, presence and routing. */
  readonly routing: FakeRouting
  readonly #triage: FakeTriage
  /** Service levels, alerts and the wallboard. */
  readonly sla: FakeSla

  constructor(switches: PreviewSwitches) {
    this.#switches = switches
    this.#threads = switches.scenario === 'empty' ? [] : buildWorld()
    this.#preferences = {
      theme: switches.theme,
      language: switches.language,
      customerPanelOpen: true,
    }
    this.#session =
      switches.scenario === 'signin'
        ? {
            state: 'signed_out',
            serverUrl: 'https://parley.soporte.example',
            serverLocked: true,
            lastPerson: { email: 'mariana.solis@soporte.example', fullName: 'Mariana Solís' },
            because: 'signed_out',
          }
        : this.#signedIn(switches.scenario === 'expired')
    const offline = ['offline', 'refused'].includes(switches.scenario)
    this.#connection = {
      state: offline ? 'offline' : 'online',
      since: ago(22),
      syncedAt: ago(offline ? 22 : 0),
      waiting: 0,
      refused: 0,
      bootstrapping: switches.scenario === 'bootstrapping' ? { loaded: 18_240 } : null,
      clockOffsetMs: 0,
    }
    this.routing = new FakeRouting(
      {
        threads: this.#threads,
        people: this.#people,
        isOnline: () => this.#connection.state === 'online',
        changed: (more) => this.#changed(null, more),
        accept: (thread) => {
          this.#own(thread, ME.id, 'conversation.assigned', { assignment_method: 'offer' })
          this.#changed(thread)
        },
        refuse,
      },
      switches.scenario,
    )
    this.sla = new FakeSla(
      {
        threads: this.#threads,
        people: this.#people,
        isOnline: () => this.#connection.state === 'online',
        changed: (more) => this.#changed(null, more),
        refuse,
      },
      switches.scenario,
    )
    this.#triage = new FakeTriage({ threads: this.#threads, refuse }, switches.scenario)
    // Only administrators see all of triage.
    if (switches.scenario.startsWith('triage') && this.#people[0]) this.#people[0].role = 'admin'
    this.#setTheScene()
  }

  async call<Method extends BridgeMethod>(method: Method, input: BridgeInput<Method>) {
    const { scenario } = this.#switches
    if (scenario === 'loading' && (method === 'inbox.list' || method === 'conversation.thread'))
      await new Promise(() => {})
    await new Promise((resolve) => setTimeout(resolve, 4))
    try {
      if (scenario === 'error' && method === 'inbox.list') refuse('internal')
      const answers = {
        ...this.#answers,
        ...this.routing.answers,
        ...this.#triage.answers,
        ...this.sla.answers,
      }
      const answer = answers[method] as unknown as (
        input: BridgeInput<Method>,
      ) => BridgeOutputs[Method]
      return { ok: true as const, value: structuredClone(answer(input)) }
    } catch (error) {
      if (error instanceof Refused) return { ok: false as const, error: error.error }
      throw error
    }
  }

  on<Event extends BridgeEvent>(
    event: Event,
    listener: (payload: BridgeEvents[Event]) => void,
  ): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners)
    listeners.add(listener as (payload: never) => void)
    return () => listeners.delete(listener as (payload: never) => void)
  }

  /** For checks from outside: a customer writes now. */
  customerWrites(customerName: string, text: string): void {
    const thread = this.#threads.find((one) => one.customer.name === customerName)
    if (!thread) return
    say(thread, 'customer', 0, text)
    if (thread.conversation.status === 'pending_customer')
      thread.conversation.status = 'pending_agent'
    this.#changed(thread)
  }

  go(state: ConnectionView['state']): void {
    this.#connection = { ...this.#connection, state, since: ago(0) }
    this.#emit('connection', this.#connection)
    if (state === 'online') {
      for (const intent of this.#outbox.filter((one) => one.state === 'waiting'))
        this.#deliver(intent)
    }
  }

  #emit<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void {
    for (const listener of this.#listeners.get(event) ?? [])
      listener(structuredClone(payload) as never)
  }

  #changed(thread: Thread | null, more: Partial<BridgeEvents['changed']> = {}): void {
    if (thread) thread.conversation.version += 1
    const waiting = this.#outbox.filter((one) => one.state !== 'refused').length
    const refused = this.#outbox.length - waiting
    if (waiting !== this.#connection.waiting || refused !== this.#connection.refused) {
      this.#connection = { ...this.#connection, waiting, refused }
      this.#emit('connection', this.#connection)
    }
    this.#emit('changed', {
      conversationIds: thread ? [thread.conversation.id] : [],
      directory: false,
      cannedResponses: false,
      outbox: false,
      offers: false,
      alerts: false,
      ...more,
    })
  }

  #signedIn(expired: boolean): SessionView {
    return {
      state: 'signed_in',
      serverUrl: 'https://parley.soporte.example',
      email: 'mariana.solis@soporte.example',
      me: ME,
      expired,
    }
  }

  #setTheScene(): void {
    const find = (name: string) => this.#threads.find((one) => one.customer.name === name)
    const { scenario } = this.#switches
    if (scenario === 'offline' || scenario === 'refused') {
      const lucia = find('Lucía Barrientos')
      if (lucia) {
        lucia.draft = ''
        this.#reply(
          lucia,
          'Cae entre 24 y 72 horas hábiles, Lucía. Como la aclaración entró hoy, lo verías a más tardar el jueves.',
          18,
        )
        lucia.seenSeq = lucia.messages.at(-1)?.seq ?? 0
      }
      const kayla = find('Kayla Whitmore')
      if (kayla) this.#reply(kayla, 'The deadline is next Friday.', 15)
      const refugio = find('Refugio Anaya')
      if (refugio) this.#intend(refugio, 'close', null, 12)
    }
    if (scenario === 'refused' || scenario === 'offline') {
      const ivan = find('Iván Rentería')
      const rodrigo = PEOPLE[1]
      if (ivan && rodrigo) {
        const text = ivan.draft
        ivan.draft = ''
        say(
          ivan,
          rodrigo,
          27,
          'Iván, ya lo localicé. Entró con el nombre incompleto, lo estoy liberando. Lo verás en unos 15 minutos.',
          { status: 'delivered' },
        )
        ivan.conversation.status = 'pending_customer'
        ivan.seenSeq = ivan.messages.at(-1)?.seq ?? 0
        const intent = this.#intend(ivan, 'reply', text, 26)
        intent.state = 'refused'
        intent.refusal = { code: 'reply_outdated', details: { by: rodrigo.id, at: ago(27) } }
      }
    }
    if (scenario === 'conflict') {
      const ofelia = find('Ofelia Narváez')
      const paola = PEOPLE[2]
      if (ofelia && paola) {
        ofelia.conversation.status = 'assigned'
        ofelia.conversation.assignedTo = paola.id
        ofelia.draft = 'Hola, Ofelia. Reviso tu transferencia.'
        happened(ofelia, 'conversation.assigned', 0.1, {
          actorId: paola.id,
          newValue: { assigned_to: paola.id },
          metadata: { assignment_method: 'claim' },
        })
        const intent = this.#intend(ofelia, 'claim', null, 0.1)
        intent.state = 'refused'
        intent.refusal = {
          code: 'conflict',
          details: {
            by: paola.id,
            assignedTo: paola.id,
            at: ago(0.1),
            action: 'conversation.assigned',
          },
        }
      }
    }
    const waiting = this.#outbox.filter((one) => one.state !== 'refused').length
    this.#connection = { ...this.#connection, waiting, refused: this.#outbox.length - waiting }
  }

  #thread(conversationId: string): Thread {
    return (
      this.#threads.find((one) => one.conversation.id === conversationId) ?? refuse('not_found')
    )
  }

  #intend(
    thread: Thread,
    kind: OutboxView['kind'],
    text: string | null,
    minutesAgo = 0,
  ): OutboxView {
    const intent: OutboxView = {
      intentId: id(8, nextSeq()),
      kind,
      conversationId: thread.conversation.id,
      customerName: thread.customer.name ?? thread.customer.externalId,
      text,
      createdAt: ago(minutesAgo),
      state: 'waiting',
      refusal: null,
    }
    this.#outbox.push(intent)
    return intent
  }

  #reply(thread: Thread, text: string, minutesAgo = 0): OutboxView {
    const intent = this.#intend(thread, 'reply', text, minutesAgo)
    const message = say(thread, ME, minutesAgo, text, {
      status: 'pending',
      readAt: null,
      deliveredAt: null,
    })
    message.id = intent.intentId
    thread.conversation.status = 'pending_customer'
    return intent
  }

  /** The server takes it, and the receipts come one after the other. */
  #deliver(intent: OutboxView): void {
    const thread =
      this.#threads.find((one) => one.conversation.id === intent.conversationId) ?? null
    const message = thread?.messages.find((one) => one.id === intent.intentId)
    setTimeout(() => {
      this.#outbox = this.#outbox.filter((one) => one !== intent)
      if (message) message.status = 'sent'
      this.#changed(thread, { outbox: true })
      if (message)
        setTimeout(() => {
          message.status = 'delivered'
          this.#changed(thread)
        }, 600)
    }, 250)
  }

  #act(
    conversationId: string,
    kind: OutboxView['kind'],
    change: (thread: Thread) => void,
  ): { intentId: string } {
    const thread = this.#thread(conversationId)
    const intent = this.#intend(thread, kind, null)
    change(thread)
    this.#changed(thread, { outbox: true, directory: true })
    if (this.#connection.state === 'online') this.#deliver(intent)
    return { intentId: intent.intentId }
  }

  #own(
    thread: Thread,
    userId: string | null,
    type: 'conversation.assigned' | 'conversation.unassigned' | 'conversation.transferred',
    metadata: Record<string, unknown>,
  ): void {
    thread.conversation.assignedTo = userId
    thread.conversation.status = userId === null ? 'queued' : 'assigned'
    happened(thread, type, 0, {
      actorId: ME.id,
      newValue: { assigned_to: userId, team_id: thread.conversation.teamId },
      metadata,
    })
  }

  readonly #answers: {
    [Method in Exclude<BridgeMethod, RoutingMethod | TriageMethod | SlaMethod>]: (
      input: BridgeInput<Method>,
    ) => BridgeOutputs[Method]
  } = {
    'session.get': () => this.#session,
    'session.signIn': ({ password }) => {
      if (password !== 'parley') refuse('unauthenticated')
      this.#session = this.#signedIn(false)
      return this.#session
    },
    'session.openOffline': () => {
      this.#session = this.#signedIn(false)
      this.go('offline')
      return this.#session
    },
    'session.signOut': ({ discardUnsent }) => {
      if (this.#outbox.length > 0 && !discardUnsent) refuse('conflict')
      this.#session = {
        state: 'signed_out',
        serverUrl: 'https://parley.soporte.example',
        serverLocked: false,
        lastPerson: null,
        because: 'signed_out',
      }
      return this.#session
    },
    'connection.get': () => this.#connection,
    'connection.retryNow': () => {
      setTimeout(() => this.go('online'), 400)
      return this.#connection
    },
    'directory.get': () => ({ teams: TEAMS, people: this.#people }),
    'cannedResponses.list': () => CANNED,
    'inbox.list': (input) => this.#listInWay(input),
    'inbox.counts': () => ({
      mine: this.#mine().length,
      open: this.#threads.filter((one) => one.conversation.status !== 'closed').length,
      toDecide: this.#outbox.filter((one) => one.state === 'refused').length,
      teams: Object.fromEntries(TEAMS.map((team) => [team.id, this.#queueOf(team.id).length])),
      due: this.#dueQueues(),
    }),
    'conversation.get': ({ conversationId }) => {
      const thread = this.#threads.find((one) => one.conversation.id === conversationId)
      return thread ? this.#view(thread) : null
    },
    'conversation.thread': ({ conversationId, before, limit, reach }) => {
      const thread = this.#thread(conversationId)
      const entries = this.#entries(thread)
      const end =
        before === null ? entries.length : entries.findIndex((entry) => entry.key === before)
      const reached = entries.findIndex(
        (entry) => entry.type === 'message' && entry.message.id === reach,
      )
      const start = Math.max(0, Math.min(end - limit, reached === -1 ? end : reached - 20))
      return { entries: entries.slice(start, end), hasOlder: start > 0, seenSeq: thread.seenSeq }
    },
    'conversation.markSeen': ({ conversationId }) => {
      const thread = this.#thread(conversationId)
      thread.seenSeq = Math.max(...thread.messages.map((message) => message.seq))
      this.#changed(thread)
      return null
    },
    'conversation.saveDraft': ({ conversationId, text }) => {
      const thread = this.#thread(conversationId)
      thread.draft = text
      this.#changed(thread)
      return null
    },
    'conversation.reply': ({ conversationId, text }) => {
      const thread = this.#thread(conversationId)
      const intent = this.#reply(thread, text)
      thread.draft = ''
      this.#changed(thread, { outbox: true })
      if (this.#connection.state === 'online') this.#deliver(intent)
      return { intentId: intent.intentId }
    },
    'conversation.retryMessage': ({ conversationId, messageId }) =>
      this.#act(conversationId, 'retry', (thread) => {
        const message = thread.messages.find((one) => one.id === messageId)
        if (message)
          Object.assign(message, { status: 'pending', ambiguousAt: null, failedReason: null })
        setTimeout(() => {
          if (message) message.status = 'sent'
          this.#changed(thread)
        }, 700)
      }),
    'conversation.settleMessage': ({ conversationId, messageId, as }) =>
      this.#act(conversationId, 'settle', (thread) => {
        const message = thread.messages.find((one) => one.id === messageId) ?? refuse('not_found')
        if (as === 'sent') Object.assign(message, { status: 'sent', ambiguousAt: null })
        else message.discardedAt = ago(0)
      }),
    'conversation.claim': ({ conversationId }) =>
      this.#act(conversationId, 'claim', (thread) =>
        this.#own(thread, ME.id, 'conversation.assigned', { assignment_method: 'claim' }),
      ),
    'conversation.claimNext': ({ teamId }) => {
      if (this.#connection.state === 'offline') refuse('server_unreachable')
      const next = this.#threads.find(
        ({ conversation }) =>
          conversation.status === 'queued' && (teamId === null || conversation.teamId === teamId),
      )
      if (!next) return { conversationId: null }
      this.#own(next, ME.id, 'conversation.assigned', { assignment_method: 'claim' })
      this.#changed(next)
      return { conversationId: next.conversation.id }
    },
    'conversation.assign': ({ conversationId, userId }) =>
      this.#act(conversationId, 'assign', (thread) =>
        this.#own(thread, userId, 'conversation.assigned', { assignment_method: 'manual' }),
      ),
    'conversation.transfer': ({ conversationId, to, note }) =>
      this.#act(conversationId, 'transfer', (thread) => {
        if (to.kind === 'team') thread.conversation.teamId = to.teamId
        this.#own(
          thread,
          to.kind === 'team' ? null : to.userId,
          'conversation.transferred',
          note ? { note } : {},
        )
      }),
    'conversation.release': ({ conversationId }) =>
      this.#act(conversationId, 'release', (thread) =>
        this.#own(thread, null, 'conversation.unassigned', { reason: 'released' }),
      ),
    'conversation.takeOver': ({ conversationId }) =>
      this.#act(conversationId, 'take_over', (thread) =>
        this.#own(thread, ME.id, 'conversation.assigned', { assignment_method: 'takeover' }),
      ),
    'conversation.close': ({ conversationId, reason }) =>
      this.#act(conversationId, 'close', ({ conversation, ...thread }) => {
        Object.assign(conversation, {
          status: 'closed',
          closedAt: ago(0),
          closedBy: ME.id,
          closeReason: reason,
          waitingSince: null,
        })
        happened({ conversation, ...thread }, 'conversation.closed', 0, {
          actorId: ME.id,
          metadata: { close_reason: reason },
        })
      }),
    'conversation.reopen': ({ conversationId }) =>
      this.#act(conversationId, 'reopen', (thread) => {
        thread.conversation.closedAt = null
        this.#own(thread, ME.id, 'conversation.assigned', { assignment_method: 'reopen' })
      }),
    'conversation.setPriority': ({ conversationId, priority }) =>
      this.#act(conversationId, 'set_priority', (thread) => {
        const before = thread.conversation.priority
        thread.conversation.priority = priority
        happened(thread, 'conversation.priority_changed', 0, {
          actorId: ME.id,
          oldValue: { priority: before },
          newValue: { priority },
        })
      }),
    'outbox.list': () => this.#outbox,
    'outbox.retry': ({ intentId }) => {
      const intent = this.#outbox.find((one) => one.intentId === intentId) ?? refuse('not_found')
      if (intent.kind === 'reply' && intent.text !== null) {
        this.#outbox = this.#outbox.filter((one) => one !== intent)
        this.#answers['conversation.reply']({
          conversationId: intent.conversationId,
          text: intent.text,
        })
      } else intent.state = 'waiting'
      this.#changed(this.#thread(intent.conversationId), { outbox: true })
      return null
    },
    'outbox.discard': ({ intentId }) => {
      const intent = this.#outbox.find((one) => one.intentId === intentId) ?? refuse('not_found')
      this.#outbox = this.#outbox.filter((one) => one !== intent)
      const thread = this.#thread(intent.conversationId)
      thread.messages = thread.messages.filter((message) => message.id !== intentId)
      this.#changed(thread, { outbox: true })
      return null
    },
    'search.query': ({ text, limit }) => this.#search(text, limit),
    'preferences.get': () => this.#preferences,
    'preferences.set': (change) => {
      this.#preferences = { ...this.#preferences, ...JSON.parse(JSON.stringify(change)) }
      this.#emit('preferences', this.#preferences)
      return this.#preferences
    },
    'shell.info': () => ({ version: '0.1.0', platform: this.#switches.platform, maximized: false }),
    'window.minimize': () => null,
    'window.toggleMaximize': () => null,
    'window.close': () => null,
    'window.showsConversation': () => null,
    'window.openConversation': ({ conversationId }) => {
      this.#emit('openConversation', { conversationId })
      return null
    },
    'alertWindow.fit': () => null,
    'shell.openExternal': () => null,
  }

  #mine(): Thread[] {
    return this.#threads.filter(
      ({ conversation }) => conversation.assignedTo === ME.id && conversation.status !== 'closed',
    )
  }
  #queueOf(teamId: string): Thread[] {
    return this.#threads.filter(
      ({ conversation }) => conversation.teamId === teamId && conversation.status === 'queued',
    )
  }

  #dueQueues(): InboxCounts['due'] {
    const now = new Date().toISOString()
    const due: InboxCounts['due'] = {}
    for (const { id } of TEAMS) {
      const clocks = this.#queueOf(id).flatMap(({ conversation }) => nearest(conversation) ?? [])
      const has = (instant: 'warnsAt' | 'dueAt'): boolean =>
        clocks.some((clock) => (clock[instant] ?? '9') <= now)
      if (has('dueAt')) due[id] = 'overdue'
      else if (has('warnsAt')) due[id] = 'warning'
    }
    return due
  }

  #listInWay({ view, limit, only = 'all', order }: BridgeInput<'inbox.list'>) {
    const list = this.#list(view, limit)
    if (only === 'all' && order !== 'due') return list
    const now = new Date().toISOString()
    const isShown = ({ clock }: InboxRow) =>
      only === 'all' ||
      (clock?.state === 'running' &&
        ((only === 'warning' ? clock.warnsAt : null) ?? clock.dueAt ?? now) <= now)
    const due = ({ clock }: InboxRow) => clock?.dueAt ?? '9'
    const sections = list.sections
      .map((section) => {
        const rows = section.rows.filter(isShown)
        if (order === 'due') rows.sort((a, b) => (due(a) < due(b) ? -1 : 1))
        return { ...section, rows, total: rows.length }
      })
      .filter((section) => section.total > 0)
    return { ...list, sections, total: sections.reduce((sum, one) => sum + one.total, 0) }
  }

  #list(view: InboxView, limit: number): BridgeOutputs['inbox.list'] {
    const toDecide = new Set(
      this.#outbox.filter((one) => one.state === 'refused').map((one) => one.conversationId),
    )
    const section = (
      key: InboxSection['key'],
      threads: Thread[],
      teamId: string | null = null,
    ): InboxSection => ({
      key,
      teamId,
      rows: threads.slice(0, limit).map((thread) => this.#row(thread)),
      total: threads.length,
    })
    const shown =
      view.kind === 'mine'
        ? this.#mine()
        : view.kind === 'team'
          ? this.#threads.filter((one) => one.conversation.teamId === view.teamId)
          : this.#threads
    const open = shown.filter((one) => one.conversation.status !== 'closed')
    const rest =
      view.kind === 'mine' ? open.filter((one) => !toDecide.has(one.conversation.id)) : open
    const sections: InboxSection[] =
      view.kind === 'closed'
        ? [
            section(
              'closed',
              shown
                .filter((one) => one.conversation.status === 'closed')
                .toSorted((a, b) =>
                  (a.conversation.closedAt ?? '') < (b.conversation.closedAt ?? '') ? 1 : -1,
                ),
            ),
          ]
        : view.kind === 'mine'
          ? [
              section(
                'to_decide',
                this.#threads.filter((one) => toDecide.has(one.conversation.id)),
              ),
              section('awaiting_me', rest.filter(isWaiting)),
              section(
                'awaiting_customer',
                rest.filter((one) => !isWaiting(one)),
              ),
              section('queue', this.#queueOf(TEAMS[0]?.id ?? ''), TEAMS[0]?.id),
            ]
          : [
              section(
                'queue',
                open.filter((one) => one.conversation.status === 'queued'),
                view.kind === 'team' ? view.teamId : null,
              ),
              section(
                'assigned',
                open.filter((one) => one.conversation.status !== 'queued'),
              ),
            ]
    const filled = sections.filter((one) => one.total > 0)
    const total =
      view.kind === 'mine' ? open.length : filled.reduce((sum, one) => sum + one.total, 0)
    return { view, sections: filled, total }
  }

  #row({ conversation, customer, messages, draft, seenSeq }: Thread): InboxRow {
    const last = messages.at(-1)
    const refused = this.#outbox.find(
      (one) => one.conversationId === conversation.id && one.state === 'refused',
    )
    const mine = last?.senderId === ME.id
    const colleague = last?.senderId
      ? this.#people.find((one) => one.id === last.senderId)
      : undefined
    const mark = refused
      ? 'refused'
      : draft !== '' && conversation.id !== this.#threads[1]?.conversation.id
        ? 'draft'
        : last?.direction === 'outbound'
          ? last.status
          : null
    return {
      id: conversation.id,
      version: conversation.version,
      title: customer.name ?? customer.externalId,
      channel: conversation.channel,
      language: conversation.language,
      status: conversation.status,
      priority: conversation.priority,
      teamId: conversation.teamId,
      assignedTo: conversation.assignedTo,
      preview: {
        mark,
        contentType:
          mark === 'draft' || mark === 'refused' ? 'text' : (last?.contentType ?? 'text'),
        text:
          mark === 'draft'
            ? draft
            : mark === 'refused'
              ? (refused?.text ?? '')
              : (last?.text ?? ''),
        by: mine
          ? { kind: 'me' }
          : colleague
            ? { kind: 'colleague', name: colleague.fullName }
            : { kind: 'customer' },
      },
      unread: messages.filter((message) => message.direction === 'inbound' && message.seq > seenSeq)
        .length,
      waitingSince: conversation.waitingSince,
      clock: nearest(conversation),
      lastMessageAt: conversation.lastMessageAt,
      closedAt: conversation.closedAt,
    }
  }

  #view(thread: Thread): ConversationView {
    const { conversation, customer } = thread
    const actor = { userId: ME.id, role: ME.role, teamIds: ME.teamIds }
    const closed = conversation.status === 'closed'
    const owned = conversation.assignedTo === ME.id && !closed
    const others = this.#threads.filter(
      (one) => one.customer.name !== null && one.customer.name === customer.name && one !== thread,
    )
    return {
      row: this.#row(thread),
      customer: {
        id: customer.id,
        name: customer.name,
        identities: customer.identities,
        metadata: customer.metadata,
        createdAt: customer.createdAt,
        others: others.map((one) => ({
          id: one.conversation.id,
          channel: one.conversation.channel,
          status: one.conversation.status,
          preview: one.messages.at(-1)?.text ?? '',
          lastMessageAt: one.conversation.lastMessageAt,
        })),
      },
      windowEndsAt:
        conversation.channel === 'whatsapp' && conversation.lastInboundAt
          ? new Date(Date.parse(conversation.lastInboundAt) + 86_400_000).toISOString()
          : null,
      clocks: conversation.clocks,
      firstResponseAt: conversation.firstResponseAt,
      firstMessageAt: conversation.firstMessageAt,
      closedBy: conversation.closedBy,
      closeReason: conversation.closeReason,
      abilities: {
        reply: owned,
        claim: conversation.status === 'queued',
        assign: !closed && may(actor, 'conversation.assign', conversation),
        transfer:
          !closed &&
          (owned || conversation.assignedTo !== null) &&
          may(actor, 'conversation.assign', conversation),
        release: owned,
        takeOver:
          !closed &&
          conversation.assignedTo !== null &&
          !owned &&
          may(actor, 'conversation.take_over', conversation),
        close: !closed && may(actor, 'conversation.close', conversation),
        reopen: closed,
        setPriority: !closed && may(actor, 'conversation.prioritise', conversation),
      },
      draft: thread.draft,
      refused: this.#outbox.filter(
        (one) => one.conversationId === conversation.id && one.state === 'refused',
      ),
    }
  }

  #entries({ messages, events }: Thread): ThreadEntry[] {
    const names = Object.fromEntries([
      ...this.#people.map((one) => [one.id, one.fullName]),
      ...TEAMS.map((one) => [one.id, one.name]),
    ])
    const all: ThreadEntry[] = [
      ...messages
        .filter((message) => message.discardedAt === null)
        .map((message): ThreadEntry => {
          const quoted = message.replyToId
            ? messages.find((one) => one.id === message.replyToId)
            : undefined
          return {
            type: 'message',
            key: `m ${message.id}`,
            at: message.sentAt,
            message,
            authorName:
              message.senderId && message.senderId !== ME.id
                ? (names[message.senderId] ?? null)
                : null,
            isMine: message.senderId === ME.id,
            outbox: this.#outbox.some(
              (one) => one.intentId === message.id && one.state !== 'refused',
            )
              ? 'waiting'
              : null,
            quoted: quoted
              ? {
                  text: quoted.text,
                  contentType: quoted.contentType,
                  byCustomer: quoted.direction === 'inbound',
                }
              : null,
          }
        }),
      ...events.map((event): ThreadEntry => ({
        type: 'event',
        key: `e ${event.id}`,
        at: event.createdAt,
        event,
        names,
      })),
    ]
    return all.toSorted((a, b) => (a.at === b.at ? seqOf(a) - seqOf(b) : a.at < b.at ? -1 : 1))
  }

  #search(text: string, limit: number): SearchHit[] {
    const wanted = foldText(text)
    const hits: SearchHit[] = []
    for (const { conversation, customer, messages } of this.#threads) {
      const title = customer.name ?? customer.externalId
      const base = {
        conversationId: conversation.id,
        title,
        channel: conversation.channel,
        status: conversation.status,
      }
      if (foldText(title).includes(wanted))
        hits.push({
          ...base,
          messageId: null,
          snippet: markMatch(title, text),
          at: conversation.lastMessageAt,
        })
      const message = messages.findLast(
        (one) => one.text !== null && foldText(one.text).includes(wanted),
      )
      if (message?.text)
        hits.push({
          ...base,
          messageId: message.id,
          snippet: markMatch(message.text, text),
          at: message.sentAt,
        })
      if (hits.length >= limit) break
    }
    return hits.slice(0, limit)
  }
}

const isWaiting = ({ conversation }: Thread) =>
  ['assigned', 'pending_agent'].includes(conversation.status)
const seqOf = (entry: ThreadEntry) =>
  entry.type === 'message' ? entry.message.seq : entry.event.seq

const CANNED: CannedResponseView[] = [
  [
    'devolucion_plazo',
    'La devolución se refleja entre 24 y 72 horas hábiles, {nombre}. Te aviso por aquí en cuanto quede aplicada.',
    TEAMS[0]?.id,
  ],
  [
    'devolucion_folio',
    'Tu folio de aclaración es {folio}. Guárdalo para cualquier consulta posterior.',
    TEAMS[0]?.id,
  ],
  [
    'dev_rechazada',
    'Revisamos tu caso y la compra sí aparece como autorizada con tu tarjeta.',
    null,
  ],
  ['saludo', 'Hola, {nombre}. Con gusto te ayudo.', null],
  ['despedida', 'Gracias por escribirnos. Que tengas buen día.', null],
].map(([shortcut, content, teamId], n) => ({
  id: id(9, n + 1),
  shortcut: shortcut ?? '',
  title: (shortcut ?? '').replaceAll('_', ' '),
  content: content ?? '',
  language: 'es',
  teamId: teamId ?? null,
}))
