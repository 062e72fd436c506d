import { teamInput, type AppError } from '@parley/contracts'
import { may, mayEver, type Permission } from '@parley/domain'
import { TRPCError, initTRPC } from '@trpc/server'
import { ZodError } from 'zod'

import { loadSessionActor, sessionEnded, type SessionActor } from './actor.ts'
import { type CallLimits } from './call-limits.ts'
import { isTransient, isUnstorable } from './database.ts'
import { strangerAt, type Doer } from './doer.ts'
import { Failure } from './failure.ts'
import { type Features } from './features.ts'
import { type Services } from './services.ts'

/** What a request or a connection carries: only the session's id. Everything else is read afresh. */
export interface Context {
  services: Services
  features: Features
  requestId: string
  /** The same object for all that comes over one connection, or in one request. */
  connection: object
  /** Null: no valid access token came along. */
  sessionId: string | null
  /** Whose calls these are, for throttling: an address, or as much of one as one customer of a provider has. */
  address: string
  limits: CallLimits
  /** Resolves when the caller's connection has taken what was sent to it, or the signal aborts. */
  drained(signal: AbortSignal): Promise<void>
}

export interface ProcedureMeta {
  /** What the caller must be allowed to do; `public` for what happens before sign-in. */
  permission: Permission | 'public'
}

const trpc = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter({ shape, error, ctx }) {
      const app = toAppError(error, ctx?.requestId)
      return {
        // The code and no words: what PostgreSQL or a library says of an error may quote somebody else's.
        message: app.code,
        code: shape.code,
        data: { httpStatus: shape.data.httpStatus, app },
      }
    },
    sse: { enabled: false },
    isDev: false,
  })

export const router = trpc.router

/** What a procedure's input should have refused, so that it can say which field it is. */
export const UNSTORABLE = 'is out of range'

const HTTP_CODES: Partial<Record<AppError['code'], TRPCError['code']>> = {
  unauthenticated: 'UNAUTHORIZED',
  session_ended: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  invalid_input: 'BAD_REQUEST',
  too_many_attempts: 'TOO_MANY_REQUESTS',
  try_later: 'SERVICE_UNAVAILABLE',
  conflict: 'CONFLICT',
  reply_outdated: 'CONFLICT',
  required: 'PRECONDITION_FAILED',
  protocol_mismatch: 'PRECONDITION_FAILED',
}

/** Expected failures become typed errors; anything else is a bug, logged once, here. */
const mapFailures = trpc.middleware(async ({ next, ctx, path }) => {
  const result = await next()
  if (result.ok) return result
  const cause = expected(result.error.cause)
  if (cause instanceof Failure) {
    if (cause !== result.error.cause) {
      ctx.services.logger.warn(
        { err: result.error.cause, path, requestId: ctx.requestId },
        'procedure refused by the database',
      )
    }
    ctx.services.metrics.trpcFailures.inc({ code: cause.code })
    if (cause.code === 'forbidden') {
      // The workstation offers nobody what they may not do.
      const { sessionId, requestId } = ctx
      ctx.services.logger.warn({ path, sessionId, requestId }, 'call refused: not allowed')
    }
    throw new TRPCError({ code: HTTP_CODES[cause.code] ?? 'UNPROCESSABLE_CONTENT', cause })
  }
  if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    ctx.services.metrics.trpcFailures.inc({ code: 'internal' })
    ctx.services.logger.error(
      { err: cause ?? result.error, path, requestId: ctx.requestId },
      'procedure failed',
    )
  }
  return result
})

/** A database that is lost or overloaded is nobody's mistake and passes; what it cannot hold is the asker's. */
function expected(cause: unknown): unknown {
  if (isTransient(cause)) return new Failure('try_later')
  return isUnstorable(cause) ? new Failure('invalid_input', { problem: UNSTORABLE }) : cause
}

export function toAppError(error: TRPCError, requestId?: string): AppError {
  const cause = expected(error.cause)
  const known = cause instanceof Failure ? cause.toAppError() : unexpected(error)
  return requestId === undefined ? known : { ...known, requestId }
}

function unexpected(error: TRPCError): AppError {
  if (error.cause instanceof ZodError) {
    const [issue] = error.cause.issues
    return {
      code: 'invalid_input',
      details: { field: issue?.path.join('.') ?? '', problem: issue?.message ?? '' },
    }
  }
  switch (error.code) {
    case 'UNAUTHORIZED':
      return { code: 'unauthenticated', details: {} }
    case 'NOT_FOUND':
      return { code: 'not_found', details: {} }
    case 'INTERNAL_SERVER_ERROR':
      return { code: 'internal', details: {} }
    default:
      // Asked in a way that nothing is: no JSON, another method, another type.
      return { code: 'invalid_input', details: { problem: error.message } }
  }
}

/** A procedure for anybody: sign-in and the like. */
export const publicProcedure = trpc.procedure
  .meta({ permission: 'public' })
  .use(mapFailures)
  .use(({ ctx, next }) =>
    ctx.limits.ofStranger(ctx.address, () =>
      next({ ctx: { ...ctx, by: strangerAt(ctx.address, ctx.requestId) } }),
    ),
  )

/**
 * A procedure for people who may do this at all; whether they may do it to this very thing is asked by the
 * command, on the row as it is then.
 */
export function procedure(permission: Permission) {
  return trpc.procedure
    .meta({ permission })
    .use(mapFailures)
    .use(({ ctx, next }) => {
      if (ctx.sessionId === null) throw new Failure('unauthenticated')
      return ctx.limits.ofSession(ctx.sessionId, () => next())
    })
    .use(async ({ ctx, next }) => {
      const actor = await requireActor(ctx)
      if (!mayEver(actor.role, permission)) throw new Failure('forbidden', { permission })
      return ctx.limits.ofPerson(actor.userId, () =>
        next({ ctx: { ...ctx, actor, by: doer(ctx, actor) } }),
      )
    })
}

function doer({ address, requestId }: Context, { userId, sessionId }: SessionActor): Doer {
  return { kind: 'user', id: userId, sessionId, address, requestId }
}

/** The same of what is done to a team, which the permission has to reach. */
export function teamProcedure(permission: Permission) {
  return procedure(permission)
    .input(teamInput)
    .use(({ ctx, input: { teamId }, next }) => {
      if (!may(ctx.actor, permission, { teamId, assignedTo: null })) {
        throw new Failure('forbidden', { permission })
      }
      return next()
    })
}

async function requireActor({ services, sessionId }: Context): Promise<SessionActor> {
  if (sessionId === null) throw new Failure('unauthenticated')
  const actor = await loadSessionActor(services.db, sessionId)
  if (actor === null) throw await sessionEnded(services.db, sessionId)
  return actor
}

/** The answer of a procedure that has nothing to say but that it is done. */
export async function done(work: Promise<unknown>): Promise<null> {
  await work
  return null
}
