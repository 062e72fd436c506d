import { isTaken } from './database.ts'
import { Failure } from './failure.ts'

/** @throws Failure `taken` where somebody else has it, the moment before included */
export async function orTaken<Result>(what: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if (isTaken(error)) throw new Failure('taken', { what })
    throw error
  }
}
