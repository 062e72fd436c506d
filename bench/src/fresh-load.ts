import { setTimeout as sleep } from 'node:timers/promises'

import { type Colleague } from './company.ts'

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

/** What a workstation does before it shows anything but its cache; where it is put off, it comes back when it is told. */
export async function loadAfresh(url: string, { token }: Colleague): Promise<FreshLoad> {
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
    const response = await fetch(`${url}/trpc/sync.bootstrap?input=${input}`, {
      headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' },
      signal: AbortSignal.timeout(60_000),
    })
    const answer = (await response.json()) as {
      result?: { data: Page }
      error?: { data: { app: { code: string; details: { retryAfterMs?: number } } } }
    }
    if (answer.result === undefined) {
      const { code, details } = answer.error?.data.app ?? {
        code: String(response.status),
        details: {},
      }
      if (code !== 'try_later') throw new Error(code)
      load.putOff += 1
      await sleep(details.retryAfterMs ?? 1_000)
      continue
    }
    const { data } = answer.result
    load.pageMs.push(performance.now() - askedMs)
    load.cursor ||= data.cursor ?? ''
    load.rows += data.items.length
    load.pages += 1
    load.coverage = data.coverage
    page = data.nextPage
  } while (load.coverage === null)
  load.ms = performance.now() - began
  return load
}
