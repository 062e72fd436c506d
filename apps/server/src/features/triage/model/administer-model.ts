import {
  type GetModelOutput,
  type TestModelOutput,
  type TriageModelSettings,
} from '@parley/contracts'

import { type Doer } from '../../../platform/doer.ts'
import { Failure } from '../../../platform/failure.ts'
import { type Services } from '../../../platform/services.ts'
import { type SetupReader } from '../setup.ts'
import { type CurrentModel } from './current-model.ts'
import { connectModel } from './ask-model.ts'
import { loadModel, storeModel, type LoadedModel } from './model-settings.ts'
import { choicesOf } from './prompt.ts'

/** What administrators do with the model. The key goes in and never comes out. */
export interface ModelAdministration {
  get(): Promise<GetModelOutput>
  /**
   * `apiKey` null: the stored one stays.
   * @throws Failure `invalid_input` where a key is needed, or a team is unknown
   */
  save(model: { settings: TriageModelSettings; apiKey: string | null }, by: Doer): Promise<void>
  /** Asks the stored model about a text, whether it is on or not. Nothing is decided by it. */
  test(text: string): Promise<TestModelOutput>
}

export function administerModel(
  services: Services,
  currentModel: CurrentModel,
  setupReader: SetupReader,
): ModelAdministration {
  const { db, secrets, audit } = services

  function keyFor(settings: TriageModelSettings, loaded: LoadedModel): string {
    // Else whoever may change the address could have the key sent to themselves.
    const isSameEndpoint =
      loaded.state === 'stored' &&
      loaded.model.settings.provider === settings.provider &&
      originOf(loaded.model.settings) === originOf(settings)
    if (!isSameEndpoint) {
      throw new Failure('invalid_input', { field: 'apiKey', problem: 'needed for this endpoint' })
    }
    return loaded.model.apiKey
  }

  return {
    async get() {
      const loaded = await loadModel(db, secrets)
      return {
        state: loaded.state,
        settings: loaded.state === 'stored' ? loaded.model.settings : null,
        updatedAt: loaded.state === 'absent' ? null : loaded.updatedAt.toISOString(),
      }
    },

    async save({ settings, apiKey }, by) {
      const { teams } = await setupReader.read(db)
      const unknown = settings.teamIds?.find((teamId) => !teams.some(({ id }) => id === teamId))
      if (unknown !== undefined) {
        throw new Failure('invalid_input', { field: 'settings.teamIds', problem: 'unknown_team' })
      }
      await db.transaction(async (tx) => {
        const loaded = await loadModel(tx, secrets)
        await storeModel(tx, secrets, { settings, apiKey: apiKey ?? keyFor(settings, loaded) })
        audit.record(tx, by, {
          action: 'triage.model_changed',
          before: loaded.state === 'stored' ? { ...loaded.model.settings, hasNewKey: false } : {},
          after: { ...settings, hasNewKey: apiKey !== null },
        })
      })
    },

    async test(text) {
      const loaded = await loadModel(db, secrets)
      if (loaded.state !== 'stored') {
        const failure = loaded.state === 'absent' ? 'not_configured' : 'unreadable_key'
        return { ok: false, failure, detail: failure, call: null }
      }
      const { model } = loaded
      const { teams, modelRevision } = await setupReader.read(db)
      const choices = choicesOf(model.settings, teams)
      if (choices.teams.length === 0) {
        return { ok: false, failure: 'nothing_allowed', detail: 'no allowed team', call: null }
      }
      // One that is on is tried on its own connection: if it answers, it is left alone no longer.
      const current = modelRevision === null ? null : await currentModel.connection(modelRevision)
      const connection = current ?? connectModel(services, model)
      try {
        const asked = await connection.ask({ messages: [text], channel: 'whatsapp' }, choices, {
          remainingMs: Number.POSITIVE_INFINITY,
          conversationId: null,
          ignoreBreaker: true,
        })
        return asked.outcome.ok ? asked.outcome : { ...asked.outcome, detail: asked.detail }
      } finally {
        if (current === null) connection.close()
      }
    },
  }
}

const originOf = ({ baseUrl }: TriageModelSettings): string => new URL(baseUrl).origin
