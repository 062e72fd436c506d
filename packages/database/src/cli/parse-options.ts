import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { DatabaseError, firstLine } from '../database-error.ts'

/**
 * The command line's options.
 * @throws DatabaseError `arguments-invalid` with the usage, for an unknown option or a missing value
 */
export function parseOptions<const T extends ParseArgsOptionsConfig>(options: T, usage: string) {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new DatabaseError('arguments-invalid', `${firstLine(error)}. Usage: ${usage}`, error)
  }
}

/** @throws DatabaseError `arguments-invalid` */
export function requireOption(value: string | undefined, name: string, usage: string): string {
  if (value === undefined || value === '') {
    throw new DatabaseError('arguments-invalid', `--${name} is missing. Usage: ${usage}`)
  }
  return value
}
