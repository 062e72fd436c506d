import { DatabaseError } from '../database-error.ts'

/**
 * Runs a command: an expected failure is one clear line on stderr and exit code 1, a bug keeps its stack.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    process.exitCode = 1
    if (error instanceof DatabaseError) process.stderr.write(`${error.message}\n`)
    else throw error
  }
}

/** Prints one line of progress. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
