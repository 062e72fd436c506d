import type { TriageModelSettings } from '@parley/contracts'
import { PRIORITIES, type Priority } from '@parley/domain'

import { type Reading } from '../../ui/form/editing.ts'
import { readSeconds, writeSeconds } from './order-draft.ts'

type Chosen = Pick<
  TriageModelSettings,
  | 'isActive'
  | 'provider'
  | 'responseFormat'
  | 'teamIds'
  | 'priorities'
  | 'skills'
  | 'allowPrivateAddress'
>

/** The model's settings as they stand in the form: numbers as typed, so that a half-typed one is not lost. */
export interface ModelDraft extends Chosen {
  baseUrl: string
  model: string
  temperature: string
  timeLimit: string
  inputPrice: string
  outputPrice: string
  /** Never shown again and kept nowhere but in its field. Null: the stored one stays. */
  newKey: string | null
}

export type ModelField = keyof ModelDraft
export const MODEL_PROBLEMS = [
  'bad_url',
  'needs_https',
  'empty',
  'bad_limit',
  'bad_temperature',
  'bad_price',
  'none_chosen',
  'key_needed',
  'bad_key',
  'unknown_team',
  'refused',
] as const
export type ModelProblem = (typeof MODEL_PROBLEMS)[number]
export type ModelProblems = Partial<Record<ModelField, ModelProblem>>

/** US dollars per million tokens; the wire's bound. */
const HIGHEST_PRICE = 10_000

export const NEW_MODEL: ModelDraft = {
  isActive: false,
  provider: 'openai',
  baseUrl: '',
  model: '',
  responseFormat: 'json_schema',
  temperature: '',
  timeLimit: '1.5',
  inputPrice: '0',
  outputPrice: '0',
  teamIds: null,
  priorities: [...PRIORITIES],
  skills: [],
  allowPrivateAddress: false,
  newKey: null,
}

export function toModelDraft(settings: TriageModelSettings): ModelDraft {
  const { temperature, timeLimitMs, inputPrice, outputPrice, ...same } = settings
  return {
    ...same,
    temperature: temperature === null ? '' : String(temperature),
    timeLimit: writeSeconds(timeLimitMs),
    inputPrice: String(inputPrice),
    outputPrice: String(outputPrice),
    newKey: null,
  }
}

export const withoutKey = (draft: ModelDraft): ModelDraft => ({ ...draft, newKey: null })

interface SavedModel {
  settings: TriageModelSettings
  apiKey: string | null
}

/** @param hasKey whether there is a stored one that can stay */
export function fromModelDraft(
  draft: ModelDraft,
  hasKey: boolean,
): Reading<SavedModel, ModelProblems> {
  const temperature = draft.temperature.trim() === '' ? null : readNumber(draft.temperature, 1)
  const timeLimitMs = readSeconds(draft.timeLimit)
  const inputPrice = readNumber(draft.inputPrice, HIGHEST_PRICE)
  const outputPrice = readNumber(draft.outputPrice, HIGHEST_PRICE)
  const baseUrl = draft.baseUrl.trim()
  const model = draft.model.trim()
  const apiKey = draft.newKey === '' ? null : draft.newKey
  const urlProblem = problemOfUrl(baseUrl, draft.allowPrivateAddress)
  const problems: ModelProblems = {
    ...(urlProblem === null ? {} : { baseUrl: urlProblem }),
    ...(model === '' ? { model: 'empty' } : {}),
    ...(temperature === undefined ? { temperature: 'bad_temperature' } : {}),
    ...(timeLimitMs === null ? { timeLimit: 'bad_limit' } : {}),
    ...(inputPrice === undefined ? { inputPrice: 'bad_price' } : {}),
    ...(outputPrice === undefined ? { outputPrice: 'bad_price' } : {}),
    ...(draft.teamIds?.length === 0 ? { teamIds: 'none_chosen' } : {}),
    ...(draft.priorities.length === 0 ? { priorities: 'none_chosen' } : {}),
    ...(apiKey === null && !hasKey ? { newKey: 'key_needed' } : {}),
    ...(apiKey !== null && !isKey(apiKey) ? { newKey: 'bad_key' } : {}),
  }
  if (
    temperature === undefined ||
    timeLimitMs === null ||
    inputPrice === undefined ||
    outputPrice === undefined ||
    Object.keys(problems).length > 0
  )
    return { value: null, problems }
  const { newKey: _key, timeLimit: _limit, ...chosen } = draft
  const read = { baseUrl, model, temperature, timeLimitMs, inputPrice, outputPrice }
  const settings = { ...chosen, ...read, priorities: inOrder(draft.priorities) }
  return { value: { apiKey, settings }, problems }
}

/** Visible ASCII characters, which is all that goes into a header. */
export const isKey = (typed: string): boolean => /^[\x21-\x7e]{1,500}$/.test(typed)

export const isSameModel = (a: ModelDraft, b: ModelDraft): boolean =>
  JSON.stringify(meaning(a)) === JSON.stringify(meaning(b))

const meaning = (draft: ModelDraft) => {
  const { value } = fromModelDraft(draft, true)
  // What cannot be read is compared as it was typed.
  return value === null
    ? { ...NEW_MODEL, ...draft }
    : { ...toModelDraft(value.settings), newKey: value.apiKey }
}

/** Which field of the form a refused save means. */
export function refusedModelProblems(details: Record<string, unknown>): ModelProblems | null {
  const { field } = details
  if (field === 'apiKey') return { newKey: 'key_needed' }
  if (field === 'settings.teamIds') return { teamIds: 'unknown_team' }
  if (typeof field !== 'string') return null
  const name = RENAMED[field.replace(/^settings\./, '')] ?? field.replace(/^settings\./, '')
  return name in NEW_MODEL ? { [name]: 'refused' } : null
}

const RENAMED: Record<string, ModelField> = { timeLimitMs: 'timeLimit' }

function problemOfUrl(typed: string, allowPrivate: boolean): ModelProblem | null {
  const url = URL.canParse(typed) ? new URL(typed) : null
  if (url === null || !/^https?:$/.test(url.protocol) || typed.length > 500) return 'bad_url'
  const { username, password, search, hash } = url
  if ([username, password, search, hash].some((part) => part !== '')) return 'bad_url'
  return url.protocol === 'https:' || allowPrivate ? null : 'needs_https'
}

/** @returns undefined where it is no number from 0 up to the bound */
function readNumber(typed: string, maximum: number): number | undefined {
  const text = typed.trim().replace(',', '.')
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined
  const value = Number(text)
  return value <= maximum ? value : undefined
}

const inOrder = (priorities: readonly Priority[]): Priority[] =>
  PRIORITIES.filter((priority) => priorities.includes(priority))
