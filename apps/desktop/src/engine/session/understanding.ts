import { ANSWERS } from '@parley/contracts'
// A whole type import: with an inline one the unbundled engine would load the server.
import type { AppRouter } from '@parley/server/router'
import { TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyProcedure, inferProcedureOutput } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { type z } from 'zod'

import { refusal } from './refusal.ts'

type Procedures = AppRouter['_def']['record']
type OutputOf<Path> = Path extends `${infer Group extends keyof Procedures & string}.${infer Name}`
  ? Name extends keyof Procedures[Group]
    ? Procedures[Group][Name] extends AnyProcedure
      ? inferProcedureOutput<Procedures[Group][Name]>
      : never
    : never
  : never
/** A page's rows are text already where they are answered, and the feed's are wrapped. */
type SentOtherwise = 'sync.bootstrap' | 'sync.feed'
/** What is asked by one name is answered by what that name says: the compiler compares both ends. */
const answers: {
  readonly [Path in Exclude<keyof typeof ANSWERS, SentOtherwise>]: z.ZodType<OutputOf<Path>>
} & { readonly [Path in SentOtherwise]: z.ZodType } = ANSWERS

/**
 * Every answer is parsed where it arrives: who answers may be no server of ours, or one that has become another's. What
 * is no answer to what was asked is an error like any other, and nobody sees anything of it.
 * @param heard of an answer that was understood
 */
export function understandingLink(heard: () => void): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) =>
        next(op).subscribe({
          next(envelope) {
            const { result } = envelope
            if (result.type !== 'data' && result.type !== undefined) return observer.next(envelope)
            const parsed = schemaOf(op.path)?.safeParse(result.data)
            if (parsed?.success !== true) {
              return observer.error(TRPCClientError.from(notUnderstood(op.path, parsed?.error)))
            }
            heard()
            observer.next({ ...envelope, result: { ...result, data: parsed.data } })
          },
          error: (error) => observer.error(error),
          complete: () => observer.complete(),
        }),
      )
}

const schemaOf = (path: string): z.ZodType | undefined =>
  Object.hasOwn(answers, path) ? answers[path as keyof typeof answers] : undefined

/** Where it is wrong, and never what stands there. */
function notUnderstood(procedure: string, error: z.ZodError | undefined): Error {
  const at = error?.issues[0]?.path.map(String).join('.').slice(0, 100) ?? ''
  return refusal('not_understood', { procedure, at })
}
