import { type AppError, type ErrorCode } from '@parley/contracts'

/** An expected failure, as the server or this device named it. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly error: AppError

  constructor(error: AppError) {
    super(error.code)
    this.error = error
  }
}

export function refusal(code: ErrorCode, details: Record<string, unknown> = {}): Refusal {
  return new Refusal({ code, details })
}
