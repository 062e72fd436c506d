import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'

import { bootstrapInput, feedInput, type AppError, type PutItem } from '@parley/contracts'
import { TRPCError, initTRPC, tracked } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer } from 'ws'
import { z } from 'zod'

import { cursor } from '../engine/testing/open-cache.ts'

/** A refusal on its way to the engine, in the shape that the server gives it. */
class Refused extends Error {
  readonly app: AppError
  constructor(app: AppError) {
    super(app.code)
    this.app = app
  }
}

const trpc = initTRPC.create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, ...(error.cause instanceof Refused && { app: error.cause.app }) },
  }),
})

const ROWS_PER_PAGE = 25
const PAGE_TAKES_MS = 400

/**
 * The other end of the engine's line in a scene: it is there, it refuses what the scene refuses, and it loads its rows,
 * slowly and over and over where that is not to end. Whatever else is asked of it fails as on a bad line, so that it waits.
 */
export async function openServerLine(
  refuses: Readonly<Record<string, AppError>>,
  rows: readonly PutItem[],
  { isEndless, aheadMs }: { isEndless: boolean; aheadMs: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const router = routerOf(refuses, rows, isEndless)
  const handle = createHTTPHandler({ router, basePath: '/trpc/', allowMethodOverride: true })
  const server = createServer((request, response) => {
    response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString())
    handle(request, response)
  })
  const sockets = new WebSocketServer({ server, path: '/trpc' })
  applyWSSHandler({ wss: sockets, router })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server, sockets),
  }
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

function routerOf(
  refuses: Readonly<Record<string, AppError>>,
  rows: readonly PutItem[],
  isEndless: boolean,
) {
  const refusing = Object.entries(refuses).map(([path, app]) => {
    const procedure = trpc.procedure.input(z.unknown()).mutation(() => {
      throw new TRPCError({ code: 'CONFLICT', cause: new Refused(app) })
    })
    return [path, procedure] as const
  })
  return trpc.router({
    ...Object.fromEntries(refusing),
    session: { signOut: trpc.procedure.mutation(() => null) },
    presence: { report: trpc.procedure.input(z.unknown()).mutation(() => null) },
    // What was read stays as it is here.
    reads: { mark: trpc.procedure.input(z.unknown()).mutation(() => ({ marks: [] })) },
    sync: {
      bootstrap: trpc.procedure.input(bootstrapInput).query(async ({ input: { page } }) => {
        const from = Number(page ?? 0)
        const isLast = !isEndless && from + ROWS_PER_PAGE >= rows.length
        if (isEndless) await new Promise((resolve) => setTimeout(resolve, PAGE_TAKES_MS))
        return {
          cursor: page === null ? cursor(1) : null,
          items: rows.slice(from, from + ROWS_PER_PAGE),
          coverage: isLast ? { open: true, closedSince: null } : null,
          nextPage: isLast ? null : String((from + ROWS_PER_PAGE) % Math.max(rows.length, 1)),
        }
      }),
      feed: trpc.procedure.input(feedInput).subscription(async function* ({ input, signal }) {
        yield tracked(input.cursor, { type: 'live' } as const)
        if (signal !== undefined && !signal.aborted) await once(signal, 'abort')
      }),
    },
  })
}
