import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

import { type Colleague } from './company.ts'

const unpack = promisify(gunzip)

interface Page {
  cursor: string | null
  items: { op: string; kind?: string }[]
  nextPage: string | null
  coverage: { open: boolean; closedSince: string | null } | null
}

export interface FreshLoad {
  cursor: string
  rows: number
  pages: number
  /** As it came over the line. */
  bytes: number
  /** Times that it was told to come back. */
  putOff: number
  pageMs: number[]
  ms: number
  coverage: Page['coverage']
}

/** How an answer is read: as workstations do, or with no more effort than the figures need. */
type Reading = (url: string, token: string) => Promise<Answer>

type Answer = { page: Page; bytes: number; rows: number } | { putOffMs: number }

/**
 * What a workstation does before it shows anything but its cache; where it is put off, it comes back when it is told.
 */
export async function loadAfresh(
  url: string,
  { token }: Colleague,
  reading: Reading = readWhole,
): Promise<FreshLoad> {
  const began = performance.now()
  const load: FreshLoad = {
    cursor: '',
    rows: 0,
    pages: 0,
    bytes: 0,
    putOff: 0,
    pageMs: [],
    ms: 0,
    coverage: null,
  }
  let page: string | null = null
  do {
    const askedMs = performance.now()
    const input = encodeURIComponent(JSON.stringify({ page }))
    const answer = await reading(`${url}/trpc/sync.bootstrap?input=${input}`, token)
    if ('putOffMs' in answer) {
      load.putOff += 1
      await sleep(answer.putOffMs)
      continue
    }
    load.pageMs.push(performance.now() - askedMs)
    load.cursor ||= answer.page.cursor ?? ''
    load.rows += answer.rows
    load.bytes += answer.bytes
    load.pages += 1
    load.coverage = answer.page.coverage
    page = answer.page.nextPage
  } while (load.coverage === null)
  load.ms = performance.now() - began
  return load
}

/** As a workstation: all of it becomes rows. */
export async function readWhole(url: string, token: string): Promise<Answer> {
  const { status, body } = await get(url, token)
  const text = (await inflate(body)).toString()
  if (status !== 200) return { putOffMs: putOffOf(status, text) }
  const page = (JSON.parse(text) as { result: { data: Page } }).result.data
  return { page, bytes: body.length, rows: page.items.length }
}

/**
 * Received, unpacked and counted, and nothing made of it: where more than a thousand workstations stand in one process beside the
 * server, they would be what is measured.
 */
export async function readAtLeast(url: string, token: string): Promise<Answer> {
  const { status, body } = await get(url, token)
  const content = await inflate(body)
  if (status !== 200) return { putOffMs: putOffOf(status, content.toString()) }
  const head = /^\{"result":\{"data":(\{.*?),"items":\[/.exec(
    content.toString('utf8', 0, 2_000),
  )?.[1]
  if (head === undefined) throw new Error('a page does not begin as it should')
  let rows = 0
  for (let at = content.indexOf(ROW); at !== -1; at = content.indexOf(ROW, at + ROW.length))
    rows += 1
  return { page: { ...(JSON.parse(`${head}}`) as Page), items: [] }, bytes: body.length, rows }
}

const ROW = '{"op":"put"'

function putOffOf(status: number, text: string): number {
  const answer = JSON.parse(text) as {
    error?: { data: { app: { code: string; details: { retryAfterMs?: number } } } }
  }
  const { code, details } = answer.error?.data.app ?? { code: String(status), details: {} }
  if (code !== 'try_later') throw new Error(code)
  return details.retryAfterMs ?? 1_000
}

const agent = new Agent({ keepAlive: true })

function get(url: string, token: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' }
    request(url, { agent, headers, timeout: 60_000 }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
      )
    })
      .on('timeout', function (this: { destroy(error: Error): void }) {
        this.destroy(new Error('no answer within a minute'))
      })
      .on('error', reject)
      .end()
  })
}

/** A refusal comes as it is. */
function inflate(body: Buffer): Promise<Buffer> {
  return body[0] === 0x1f ? unpack(body) : Promise.resolve(body)
}
