import { parseArgs } from 'node:util'

/** What somebody may say to a bench, and what holds when they do not. */
export interface Option<Value extends number | number[]> {
  readonly value: Value
  /** What it is a number of. */
  readonly of: string
}

export const number = (value: number, of: string): Option<number> => ({ value, of })
/** Each measured after the other, on what the one before has filled in: they rise. */
export const rising = (value: number[], of: string): Option<number[]> => ({ value, of })

export type Options = Readonly<Record<string, Option<number> | Option<number[]>>>
export type Values<Asked extends Options> = { [Name in keyof Asked]: Asked[Name]['value'] }

/** A capability against its floor, measured in the same run. */
export interface Bench {
  readonly says: string
  readonly options: Options
  run(values: never): Promise<void>
}

/** Keeps which options it has, for its own `run`. */
export function bench<Asked extends Options>(declared: {
  says: string
  options: Asked
  run(values: Values<Asked>): Promise<void>
}): Bench {
  return declared
}

/** Of whoever asks in a way that nobody understands: told in one line. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseOptions(args: string[], options: Options): Record<string, number | number[]> {
  const { values } = parsed(args, options)
  return Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => {
      const given = values[name]
      if (typeof given !== 'string') return [name, value]
      const numbers = given.split(',').map((text) => numberIn(name, text))
      if (!Array.isArray(value)) return [name, numberIn(name, given)]
      if (numbers.some((one, index) => index > 0 && one <= (numbers[index - 1] ?? 0)))
        throw new UsageError(`--${name} ${given} does not rise`)
      return [name, numbers]
    }),
  )
}

function parsed(args: string[], options: Options) {
  try {
    return parseArgs({
      args,
      options: Object.fromEntries(Object.keys(options).map((name) => [name, { type: 'string' }])),
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function numberIn(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`--${name} ${text} is not a whole number from 1 on`)
  return Number(text)
}

export function helpOf(name: string, { says, options }: Bench): string {
  const lines = Object.entries(options).map(
    ([option, { value, of }]) => `      --${option} ${String(value)}`.padEnd(44) + of,
  )
  return [`  ${name.padEnd(13)}${says}`, ...lines].join('\n')
}
