import { pipeline, Readable } from 'node:stream'
import { type ReadableStream } from 'node:stream/web'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

import { type FastifyInstance, type FastifyRequest } from 'fastify'

/** Rows are like each other: more effort saves little and costs the processor that all share. */
const GZIP = { level: 3 }
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } }

/**
 * Answers to what is read are compressed: they are rows, up to megabytes of them. What is done (signing in among it) is
 * answered as it is, so that no secret is ever compressed beside what somebody else could choose.
 * @param paths of what is read, by whichever method
 */
export function compressAnswers(app: FastifyInstance, paths: ReadonlySet<string>): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!paths.has(request.url.split('?', 1)[0] ?? '')) return payload
    void reply.header('vary', 'accept-encoding')
    const encoding = acceptedOf(request.headers['accept-encoding'])
    // tRPC answers by a Response, which Fastify would send as it is.
    if (encoding === null || !(payload instanceof Response) || payload.body === null) return payload
    if (payload.status !== 200) return payload
    void reply.headers(Object.fromEntries(payload.headers)).removeHeader('content-length')
    void reply.header('content-encoding', encoding)
    const body = Readable.fromWeb(payload.body as ReadableStream)
    const compressed = encoding === 'br' ? createBrotliCompress(BROTLI) : createGzip(GZIP)
    // Whoever hangs up ends both; nobody is left to be told.
    return pipeline(body, compressed, () => {})
  })
}

export function acceptsGzip({ headers }: FastifyRequest): boolean {
  return acceptedOf(headers['accept-encoding']) === 'gzip'
}

function acceptedOf(header: string | string[] | undefined): 'br' | 'gzip' | null {
  const accepted = String(header ?? '')
    .split(',')
    .map((one) => one.trim())
    // What is refused by a weight of nothing is not accepted.
    .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
    .map((one) => one.split(';', 1)[0]?.toLowerCase())
  if (accepted.includes('gzip')) return 'gzip'
  return accepted.includes('br') ? 'br' : null
}
