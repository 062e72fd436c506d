import {
  type BusinessHoursOutput,
  type EngineMethod,
  type GetRulesOutput,
  type RoutingSettingsOutput,
  type SlaSettingsOutput,
} from '@parley/contracts'
import {
  OUT_OF_HOURS,
  PRIORITIES,
  ROUTING_MODES,
  ROUTING_STRATEGIES,
  TRIAGE_STEPS,
  WARN_LEADS,
} from '@parley/domain'

import { type Invention, type Look, type Scene } from './deeds.ts'
import { type Random } from './random.ts'
import { BEGINNING_MS } from './virtual-time.ts'

/**
 * What leads and administrators set, which decides who is asked, warned and promised what. Each is read first, as who
 * changes it has it before them: offline nothing is seen, and nothing is done.
 */
export const SETTING_INVENTIONS: Partial<Record<EngineMethod, Invention>> = {
  'routing.saveSettings': onTeam(
    'routing.settings',
    ({ settings, version }: RoutingSettingsOutput, teamId, { world, random }) => ({
      teamId,
      basedOn: version,
      settings: {
        ...settings,
        mode: random.one(ROUTING_MODES),
        strategy: random.one(ROUTING_STRATEGIES),
        offerSeconds: random.int(5, 60),
        returnUnansweredSeconds: random.one([0, 60, 600]),
        wrapUpSeconds: random.one([0, 20]),
        outOfHours: random.one(OUT_OF_HOURS.filter((one) => one !== 'team')),
        ...overflow(
          random,
          world.teams.filter((one) => one !== teamId),
        ),
      },
    }),
  ),
  'sla.saveSettings': onTeam(
    'sla.settings',
    ({ version }: SlaSettingsOutput, teamId, { random }) => ({
      teamId,
      basedOn: version,
      settings: promises(random),
    }),
  ),
  'businessHours.save': onTeam(
    'businessHours.get',
    ({ version }: BusinessHoursOutput, teamId, { random }) => ({
      teamId,
      basedOn: version,
      settings: hours(random),
    }),
  ),
  'triage.saveRules': {
    weight: 1,
    async invent({ world, workstation, random }) {
      const read = await world.ask<GetRulesOutput>(workstation, 'triage.getRules', {
        version: null,
      })
      if (read === null) return null
      const { version } = read.ruleSet
      const content =
        version > 0 && random.chance(0.3)
          ? { kind: 'restore', version: random.int(1, version) }
          : { kind: 'rules', rules: rules(random, world.teams) }
      return { input: { basedOn: version, note: `rules ${random.seed()}`, content } }
    },
  },
  'triage.saveSettings': {
    weight: 1,
    async invent({ world, workstation, random }) {
      const read = await world.ask<GetRulesOutput>(workstation, 'triage.getRules', {
        version: null,
      })
      if (read === null) return null
      const { version } = read.settings
      return {
        input: {
          basedOn: version,
          settings: {
            steps: random.chance(0.5) ? TRIAGE_STEPS : ['rules'],
            fallbackTeamId: random.chance(0.5) ? null : random.one(world.teams),
            overallLimitMs: 1000,
          },
        },
      }
    },
  },
  // One that is asked would be asked over a network which is not simulated.
  'triage.saveModel': {
    weight: 1,
    invent: async ({ random }) => ({
      input: {
        settings: {
          isActive: false,
          provider: 'openai',
          baseUrl: 'https://model.example',
          model: `model ${random.seed()}`,
          responseFormat: 'none',
          temperature: null,
          timeLimitMs: 1000,
          inputPrice: 0,
          outputPrice: 0,
          teamIds: null,
          priorities: ['normal'],
          skills: [],
          allowPrivateAddress: false,
        },
        apiKey: 'a-key',
      },
    }),
  },
  'people.setSkills': {
    weight: 1,
    invent: async ({ world, random }) => ({
      input: {
        userId: random.one(world.people).id,
        skills: random.chance(0.3) ? {} : { spanish: random.int(1, 5) },
      },
    }),
  },
}

export const SETTING_LOOKS: Partial<Record<EngineMethod, Look>> = {
  'presence.history': async ({ world, random }) => ({
    userId: random.one(world.people).id,
    from: new Date(BEGINNING_MS).toISOString(),
    to: new Date(world.nowMs + 1).toISOString(),
  }),
  'people.skills': async () => undefined,
  'routing.settings': ofTeam,
  'routing.queue': ofTeam,
  'triage.getRules': async () => ({ version: null }),
  'triage.ruleVersions': async () => ({ before: null }),
  'triage.getModel': async () => undefined,
  'triage.dryRun': async ({ world, random }) => ({
    rules: rules(random, world.teams),
    days: 30,
    limit: 100,
  }),
  'sla.settings': ofTeam,
  'sla.previewSettings': async (scene) => ({
    ...(await ofTeam(scene)),
    settings: promises(scene.random),
  }),
  'sla.violations': async ({ world, random }) => ({
    teamId: random.chance(0.5) ? null : random.one(world.teams),
    userId: random.chance(0.5) ? null : random.one(world.people).id,
    type: random.one(['frt', 'resolution', null]),
    from: new Date(BEGINNING_MS).toISOString(),
    to: new Date(world.nowMs + 1).toISOString(),
    page: null,
  }),
  'sla.hourFigures': async () => undefined,
  'businessHours.get': ofTeam,
  'businessHours.preview': async (scene) => ({
    ...(await ofTeam(scene)),
    settings: hours(scene.random),
  }),
}

async function ofTeam({ world, random }: Scene): Promise<{ teamId: string }> {
  return { teamId: random.one(world.teams) }
}

function onTeam<Settings>(
  read: EngineMethod,
  change: (settings: Settings, teamId: string, scene: Scene) => object,
): Invention {
  return {
    weight: 1,
    async invent(scene) {
      const { teamId } = await ofTeam(scene)
      const settings = await scene.world.ask<Settings>(scene.workstation, read, { teamId })
      return settings && { input: change(settings, teamId, scene) }
    },
  }
}

function overflow(random: Random, others: readonly string[]): object {
  return random.chance(0.5)
    ? { overflowAfterSeconds: null, overflowTeamId: null }
    : { overflowAfterSeconds: random.int(10, 120), overflowTeamId: random.one(others) }
}

function promises(random: Random): object {
  const policies = PRIORITIES.map((priority) => [
    priority,
    random.chance(0.2)
      ? null
      : {
          firstResponseSeconds: random.int(10, 300),
          resolutionSeconds: random.int(300, 3600),
          escalationSeconds: random.chance(0.5) ? null : random.int(10, 120),
        },
  ])
  return {
    policies: Object.fromEntries(policies) as object,
    warningPercent: random.int(1, 99),
    pausesOnCustomer: random.chance(0.5),
    warnLeads: random.one(WARN_LEADS),
  }
}

/** Always open, or hours into which the simulation's Monday falls or not. */
function hours(random: Random): object {
  const windows = random.one([
    [],
    [{ dayOfWeek: 0, opensAt: '00:00', closesAt: '23:59' }],
    [{ dayOfWeek: 3, opensAt: '09:00', closesAt: '17:00' }],
  ])
  return { timeZone: random.one(['America/Mexico_City', 'UTC']), windows, holidays: [] }
}

function rules(random: Random, teams: readonly string[]): object[] {
  const named = random.one(['pago', 'comprar', 'pedido', 'gracias'])
  return [
    {
      name: `rule ${random.seed()}`,
      enabled: random.chance(0.8),
      conditions: { all: [{ kind: 'text_contains', words: [named] }], any: [] },
      result: {
        teamId: random.one(teams),
        priority: random.chance(0.5) ? null : random.one(PRIORITIES),
        skills: random.chance(0.7) ? {} : { spanish: 2 },
      },
      afterwards: random.one(['stop', 'continue']),
    },
  ]
}
