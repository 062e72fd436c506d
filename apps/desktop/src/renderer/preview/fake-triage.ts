import type {
  AppError,
  BridgeInput,
  BridgeOutputs,
  DryRunOutput,
  GetModelOutput,
  RuleSetSummary,
  TriageModelSettings,
  TriageSettings,
} from '@parley/contracts'
import {
  PRIORITIES,
  type TriageInput,
  type TriageRule,
  evaluateRules,
  validateRules,
} from '@parley/domain'

import { PEOPLE, TEAMS, type Thread, ago } from './world.ts'

/** Triage of the preview: its rules with their versions, its order, and a model that answers at once. */

export type TriageMethod =
  | `triage.${'getRules' | 'ruleVersions' | 'saveRules' | 'saveSettings' | 'dryRun'}`
  | `triage.${'getModel' | 'saveModel' | 'testModel'}`

interface World {
  threads: readonly Thread[]
  refuse: (code: AppError['code'], details?: Record<string, unknown>) => never
}

interface Version {
  summary: RuleSetSummary
  rules: TriageRule[]
}

const [PAYMENTS, ACCOUNTS, CARDS, TRANSFERS] = TEAMS.map((team) => team.id) as [
  string,
  string,
  string,
  string,
]
const ME_ID = PEOPLE[0]?.id ?? ''
const RODRIGO_ID = PEOPLE[1]?.id ?? ''

const says = (...words: string[]): TriageRule['conditions'] => ({
  all: [],
  any: [{ kind: 'text_contains', words }],
})

const RULES: TriageRule[] = [
  {
    name: 'Posible fraude',
    enabled: true,
    conditions: says('fraude', 'no reconozco', 'cargo que no hice', 'me robaron', 'robo'),
    result: { teamId: CARDS, priority: 'urgent', skills: {} },
    afterwards: 'stop',
  },
  {
    name: 'Cargos y devoluciones',
    enabled: true,
    conditions: says('cobraron', 'devolución', 'doble cargo', 'reembolso'),
    result: { teamId: PAYMENTS, priority: null, skills: {} },
    afterwards: 'continue',
  },
  {
    name: 'Cuenta empresarial',
    enabled: true,
    conditions: {
      all: [
        {
          kind: 'customer_metadata',
          key: 'nivel',
          test: { is: 'equals', value: 'Cuenta empresarial' },
        },
      ],
      any: [],
    },
    result: { teamId: null, priority: 'high', skills: { billing: 3 } },
    afterwards: 'continue',
  },
  {
    name: 'Clientes en inglés',
    enabled: true,
    conditions: {
      all: [
        { kind: 'language_is', language: 'en' },
        { kind: 'channel_is', channel: 'whatsapp' },
      ],
      any: [],
    },
    result: { teamId: ACCOUNTS, priority: null, skills: { english: 3 } },
    afterwards: 'continue',
  },
  {
    name: 'Envíos fuera de horario',
    enabled: false,
    conditions: {
      all: [{ kind: 'business_hours', teamId: TRANSFERS, state: 'closed' }],
      any: [{ kind: 'text_contains', words: ['envío', 'transferencia'] }],
    },
    result: { teamId: PAYMENTS, priority: 'low', skills: {} },
    afterwards: 'stop',
  },
]

const MODEL: TriageModelSettings = {
  isActive: true,
  provider: 'openai',
  baseUrl: 'https://modelos.soporte.example',
  model: 'clasificador-mini',
  responseFormat: 'json_schema',
  temperature: 0,
  timeLimitMs: 1500,
  inputPrice: 0.15,
  outputPrice: 0.6,
  teamIds: [PAYMENTS, ACCOUNTS],
  priorities: [...PRIORITIES],
  skills: ['english', 'billing'],
  allowPrivateAddress: false,
}

export class FakeTriage {
  readonly #world: World
  readonly #scenario: string
  readonly #versions: Version[] = []
  #settings: TriageSettings & { version: number } = {
    steps: ['rules', 'model', 'built_in'],
    fallbackTeamId: null,
    overallLimitMs: 2000,
    version: 2,
  }
  #model: GetModelOutput = { settings: MODEL, state: 'stored', updatedAt: ago(4 * 24 * 60) }
  /** Somebody else saves between this person's reading and saving, once. */
  #savedByAnother: boolean

  constructor(world: World, scenario: string) {
    this.#world = world
    this.#scenario = scenario
    this.#savedByAnother = scenario === 'triage-conflict'
    if (scenario === 'triage') explainInFull(world.threads)
    if (scenario === 'triage-empty') {
      this.#model = { settings: null, state: 'absent', updatedAt: null }
      return
    }
    const [first, ...rest] = RULES
    if (first === undefined) return
    this.#add([first], 'Primera versión', ME_ID, 40 * 24 * 60)
    this.#add([first, ...rest.slice(0, 3)], '', RODRIGO_ID, 12 * 24 * 60)
    this.#add(RULES, 'Envíos de noche, apagada por ahora', ME_ID, 3 * 24 * 60)
  }

  readonly answers: {
    [Method in TriageMethod]: (input: BridgeInput<Method>) => BridgeOutputs[Method]
  } = {
    'triage.getRules': ({ version }) => {
      if (this.#scenario === 'triage-error') this.#world.refuse('internal')
      const found =
        version === null
          ? this.#versions.at(-1)
          : this.#versions.find(({ summary }) => summary.version === version)
      const nothing = { summary: NO_VERSION, rules: [] }
      const { summary, rules } =
        found ?? (version === null ? nothing : this.#world.refuse('not_found'))
      return { ruleSet: summary, rules, settings: this.#settings }
    },
    'triage.ruleVersions': ({ before }) => ({
      versions: this.#versions
        .map(({ summary }) => summary)
        .filter(({ version }) => before === null || version < before)
        .toReversed(),
      hasOlder: false,
    }),
    'triage.saveRules': ({ basedOn, note, content }) => {
      this.#beFaster()
      const newest = this.#versions.at(-1)
      if (basedOn !== (newest?.summary.version ?? 0))
        this.#world.refuse('conflict', {
          action: 'triage.saveRules',
          by: newest?.summary.createdBy,
          at: newest?.summary.createdAt,
          version: newest?.summary.version,
        })
      const rules =
        content.kind === 'rules'
          ? content.rules
          : (this.#versions.find(({ summary }) => summary.version === content.version)?.rules ?? [])
      this.#assertMeaningful(rules)
      const restoredFrom = content.kind === 'restore' ? content.version : null
      return { version: this.#add(rules, note, ME_ID, 0, restoredFrom) }
    },
    'triage.saveSettings': ({ basedOn, settings }) => {
      if (basedOn !== this.#settings.version) this.#world.refuse('conflict')
      this.#settings = { ...settings, version: basedOn + 1 }
      return { version: basedOn + 1 }
    },
    'triage.dryRun': ({ rules }) => {
      this.#assertMeaningful(rules)
      return this.#compare(this.#versions.at(-1)?.rules ?? [], rules)
    },
    'triage.getModel': () => this.#model,
    'triage.saveModel': ({ settings }) => {
      this.#model = { settings, state: 'stored', updatedAt: ago(0) }
      return null
    },
    'triage.testModel': ({ text }) => {
      const call = {
        provider: 'openai',
        model: MODEL.model,
        durationMs: 612,
        inputTokens: 214,
        outputTokens: 31,
        costUsd: 0.000_050_7,
        messages: 1,
      }
      return text.includes('falla')
        ? { ok: false, failure: 'http_error', detail: 'status 401: invalid api key', call: null }
        : {
            ok: true,
            teamId: PAYMENTS,
            priority: 'high',
            skills: { billing: 2 },
            reason: 'Pregunta por un cargo repetido.',
            call,
          }
    },
  }

  #add(
    rules: TriageRule[],
    note: string,
    createdBy: string,
    minutesAgo: number,
    restoredFrom: number | null = null,
  ): number {
    const version = this.#versions.length + 1
    const createdAt = ago(minutesAgo)
    const ruleCount = rules.length
    const summary = { version, note, createdBy, createdAt, restoredFrom, ruleCount }
    this.#versions.push({ summary, rules: structuredClone(rules) })
    return version
  }

  #beFaster(): void {
    if (!this.#savedByAnother) return
    this.#savedByAnother = false
    const rules = this.#versions.at(-1)?.rules ?? []
    this.#add(rules.slice(0, -1), 'Sin envíos', RODRIGO_ID, 1)
  }

  #assertMeaningful(rules: readonly TriageRule[]): void {
    const problems = validateRules(rules, { teamIds: new Set(TEAMS.map((team) => team.id)) })
    if (problems.length > 0) this.#world.refuse('invalid_input', { problems })
  }

  #compare(before: readonly TriageRule[], after: readonly TriageRule[]): DryRunOutput {
    const run: DryRunOutput = {
      conversations: 0,
      changed: 0,
      before: { byTeam: {}, byPriority: {} },
      after: { byTeam: {}, byPriority: {} },
      examples: [],
    }
    for (const thread of this.#world.threads) {
      const first = thread.messages.find(({ direction }) => direction === 'inbound')
      if (first === undefined) continue
      const then = placeBy(before, thread, first.text ?? '')
      const now = placeBy(after, thread, first.text ?? '')
      run.conversations += 1
      count(run.before, then)
      count(run.after, now)
      if (then.teamId === now.teamId && then.priority === now.priority) continue
      run.changed += 1
      run.examples.push({
        conversationId: thread.conversation.id,
        createdAt: thread.conversation.createdAt,
        text: (first.text ?? '').slice(0, 200),
        before: then,
        after: now,
      })
    }
    return run
  }
}

/** One conversation that all three steps had their part in. */
function explainInFull(threads: readonly Thread[]): void {
  const event = threads
    .flatMap(({ events }) => events)
    .find(({ type }) => type === 'triage.completed')
  if (event === undefined) return
  event.metadata = {
    routing_decision: {
      teamId: PAYMENTS,
      priority: 'high',
      decidedBy: 'model',
      steps: [
        {
          step: 'rules',
          outcome: 'added',
          version: 3,
          matched: [
            {
              name: 'Cuenta empresarial',
              words: ['factura'],
              customerFields: ['nivel'],
              stopped: false,
            },
          ],
        },
        {
          step: 'model',
          outcome: 'decided',
          reason: 'Pregunta por un cargo repetido.',
          call: {
            provider: 'openai',
            model: MODEL.model,
            durationMs: 612,
            inputTokens: 214,
            outputTokens: 31,
            costUsd: 0.000_050_7,
            messages: 1,
          },
        },
        { step: 'built_in', outcome: 'skipped', because: 'already_decided' },
      ],
    },
  }
}

const NO_VERSION: RuleSetSummary = {
  version: 0,
  note: '',
  createdBy: null,
  createdAt: null,
  restoredFrom: null,
  ruleCount: 0,
}

function placeBy(rules: readonly TriageRule[], { conversation, customer }: Thread, text: string) {
  const input: TriageInput = {
    text,
    channel: conversation.channel,
    customer: { name: customer.name, metadata: customer.metadata, isReturning: false },
    teamsOpen: { [TRANSFERS]: false },
  }
  const { teamId, priority, matched } = evaluateRules(rules, input)
  return {
    teamId: teamId ?? conversation.teamId ?? PAYMENTS,
    priority: priority ?? conversation.priority,
    rules: matched.map(({ name }) => name),
  }
}

function count(
  tally: DryRunOutput['before'],
  { teamId, priority }: { teamId: string; priority: string },
): void {
  tally.byTeam[teamId] = (tally.byTeam[teamId] ?? 0) + 1
  tally.byPriority[priority] = (tally.byPriority[priority] ?? 0) + 1
}
