import { saveModelInput, triageModelSettings } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import {
  type ModelDraft,
  NEW_MODEL,
  fromModelDraft,
  isKey,
  isSameModel,
  refusedModelProblems,
  toModelDraft,
  withoutKey,
} from './model-draft.ts'

const TEAM = '0190c1de-0000-7000-8000-000000000002'
const FILLED: ModelDraft = {
  ...NEW_MODEL,
  baseUrl: 'https://models.example.com',
  model: 'small-1',
  temperature: '0.2',
  inputPrice: '0,15',
  outputPrice: '0.6',
}
const problemsOf = (change: Partial<ModelDraft>) =>
  fromModelDraft({ ...FILLED, ...change }, true).problems

describe("the model's form", () => {
  it('is read back as it was written', () => {
    const { value } = fromModelDraft(FILLED, true)
    expect(value?.settings).toMatchObject({
      timeLimitMs: 1500,
      temperature: 0.2,
      inputPrice: 0.15,
    })
    expect(triageModelSettings.safeParse(value?.settings).success).toBe(true)
    if (value !== null)
      expect(fromModelDraft(toModelDraft(value.settings), true).value).toEqual(value)
  })

  it('says which field is wrong', () => {
    expect(fromModelDraft(NEW_MODEL, true).problems).toEqual({ baseUrl: 'bad_url', model: 'empty' })
    expect(
      problemsOf({
        temperature: '1.5',
        timeLimit: '9',
        inputPrice: '-1',
        outputPrice: '10001',
        teamIds: [],
        priorities: [],
      }),
    ).toEqual({
      temperature: 'bad_temperature',
      timeLimit: 'bad_limit',
      inputPrice: 'bad_price',
      outputPrice: 'bad_price',
      teamIds: 'none_chosen',
      priorities: 'none_chosen',
    })
  })

  it.each([
    'https://models.example.com/api',
    'http://models.example.com',
    'ftp://models.example.com',
    'https://user:secret@models.example.com',
    'https://models.example.com?key=1',
    'https://models.example.com#x',
  ])('takes the address %j where the wire does', (baseUrl) => {
    for (const allowPrivateAddress of [false, true]) {
      const change = { baseUrl, allowPrivateAddress }
      const wire = triageModelSettings.safeParse({
        ...fromModelDraft(FILLED, true).value?.settings,
        ...change,
      }).success
      expect(Object.keys(problemsOf(change)).length === 0).toBe(wire)
    }
  })

  it.each(['models.example.com', 'https://', ''])('takes %j for no address', (baseUrl) => {
    expect(problemsOf({ baseUrl })).toEqual({ baseUrl: 'bad_url' })
  })

  it.each(['sk-123', 'with space', 'ñ', ''])('takes the key %j where the wire does', (apiKey) => {
    const settings = fromModelDraft(FILLED, true).value?.settings
    // An empty one is not sent at all: the stored one stays.
    const wire = saveModelInput.safeParse({ settings, apiKey }).success
    expect(isKey(apiKey)).toBe(wire)
  })

  it('wants a key where none is stored, and none that could not be sent', () => {
    expect(fromModelDraft(FILLED, false).problems).toEqual({ newKey: 'key_needed' })
    expect(fromModelDraft({ ...FILLED, newKey: '' }, true).value?.apiKey).toBeNull()
    expect(fromModelDraft({ ...FILLED, newKey: 'sk-1' }, false).value?.apiKey).toBe('sk-1')
    expect(problemsOf({ newKey: 'with space' })).toEqual({ newKey: 'bad_key' })
    expect(isSameModel(FILLED, { ...FILLED, newKey: 'sk-1' })).toBe(false)
    expect(withoutKey({ ...FILLED, newKey: 'sk-1' })).toEqual(FILLED)
  })

  it('is the same where it means the same', () => {
    expect(isSameModel(FILLED, { ...FILLED, inputPrice: '0.150' })).toBe(true)
    expect(isSameModel(FILLED, { ...FILLED, teamIds: [TEAM] })).toBe(false)
    expect(isSameModel(NEW_MODEL, { ...NEW_MODEL, model: 'x' })).toBe(false)
  })

  it('finds the field that the server refused', () => {
    expect(refusedModelProblems({ field: 'apiKey' })).toEqual({ newKey: 'key_needed' })
    expect(refusedModelProblems({ field: 'settings.teamIds' })).toEqual({ teamIds: 'unknown_team' })
    expect(refusedModelProblems({ field: 'settings.timeLimitMs' })).toEqual({
      timeLimit: 'refused',
    })
    expect(refusedModelProblems({ field: 'settings.other' })).toBeNull()
    expect(refusedModelProblems({})).toBeNull()
  })
})
