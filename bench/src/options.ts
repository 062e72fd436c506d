import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** How long each measurement lasts. */
  seconds: number
  /** Stored messages before each measurement. */
  sizes: number[]
}

/** @throws Error in one line for anything that is not a number */
export function parseOptions(options: string[], defaults: BenchOptions): BenchOptions {
  const { values } = parseArgs({
    args: options,
    options: { seconds: { type: 'string' }, sizes: { type: 'string' } },
  })
  const number = (name: string, text: string): number => {
    const value = Number(text)
    if (!Number.isFinite(value) || value <= 0)
      throw new Error(`--${name} ${text} is not a positive number`)
    return value
  }
  return {
    seconds: values.seconds === undefined ? defaults.seconds : number('seconds', values.seconds),
    sizes:
      values.sizes === undefined
        ? defaults.sizes
        : values.sizes.split(',').map((size) => number('sizes', size)),
  }
}
