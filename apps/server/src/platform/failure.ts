import { type AppError, type ErrorCode } from '@parley/contracts'

/** An expected failure: it changes nothing and reaches the person in their own words. */
export class Failure extends Error {
  override name = 'Failure'
  readonly code: ErrorCode
  readonly details: Record<string, unknown>

  constructor(code: ErrorCode, details: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.details = details
  }

  toAppError(): AppError {
    return { code: this.code, details: this.details }
  }
}
