import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'

import {
  CALM_PACE,
  createCrowd,
  EAGER_PACE,
  startCustomers,
  type WrittenLine,
} from './customers.ts'
import { CONVERSATION_SCRIPTS } from './conversation-scripts.ts'
import { startFakeGraphApi } from './graph-api.ts'
import { inventPeople } from './invented-people.ts'

/** Plays a crowd over simulated time; every customer is answered five seconds after each message. */
function play(
  seed: string,
  seconds: number,
  customers = 10,
): { lines: WrittenLine[]; atMs: number[] } {
  const crowd = createCrowd({ customers, seed, pace: CALM_PACE })
  const lines: WrittenLine[] = []
  const atMs: number[] = []
  const answers: { phone: string; atMs: number }[] = []
  for (let now = 0; now < seconds * 1000; now += 500) {
    while (answers[0] !== undefined && answers[0].atMs <= now)
      crowd.received(answers.shift()?.phone ?? '', now)
    const line = crowd.next(now)
    if (line === null) continue
    lines.push(line)
    atMs.push(now)
    answers.push({ phone: line.from.phone, atMs: now + 5000 })
  }
  return { lines, atMs }
}

describe('a crowd of customers', () => {
  it('writes the same for the same seed and answers, and something else for another', () => {
    expect(play('a', 120)).toEqual(play('a', 120))
    expect(play('a', 120).lines).not.toEqual(play('b', 120).lines)
  })

  it('gets through conversations, with pictures, voice messages and several messages in a row', () => {
    const { lines } = play('long', 1200, 30)
    expect(lines.filter(({ media }) => media === 'image').length).toBeGreaterThan(0)
    expect(lines.filter(({ media }) => media === 'voice').length).toBeGreaterThan(0)
    expect(lines.filter(({ text }) => /gracias|thank/i.test(text)).length).toBeGreaterThan(5)
    expect(lines.some(({ from }, index) => lines[index + 1]?.from === from)).toBe(true)
    expect(lines.some(({ from }) => from.language === 'en')).toBe(true)
    expect(lines.every(({ text }) => !/[{}]/.test(text))).toBe(true)
  })

  it('asks again after a while, and never more than the server takes', () => {
    const crowd = createCrowd({ customers: 1, seed: 'ignored', pace: EAGER_PACE })
    const perMinute: number[] = []
    for (let now = 0; now < 600_000; now += 100) {
      if (crowd.next(now) !== null)
        perMinute[Math.floor(now / 60_000)] = (perMinute[Math.floor(now / 60_000)] ?? 0) + 1
    }
    expect(Math.min(...perMinute)).toBeGreaterThan(0)
    expect(Math.max(...perMinute)).toBeLessThan(20)
  })

  it('keeps a rate of 5 a second with 200 customers whom nobody answers', () => {
    const crowd = createCrowd({ customers: 200, seed: 'load', pace: EAGER_PACE })
    let written = 0
    for (let now = 0; now < 300_000; now += 200) if (crowd.next(now) !== null) written += 1
    expect(written).toBeGreaterThan(1_450)
  })

  it('does not mind messages to strangers or to those who did not ask', () => {
    const crowd = createCrowd({ customers: 1, seed: 'x', pace: CALM_PACE })
    crowd.received('000', 0)
    crowd.received(inventPeople(1)[0]?.phone ?? '', 0)
    expect(crowd.next(0)).not.toBeNull()
  })
})

describe('invented people', () => {
  it('have numbers of their own, apart from those of the history', () => {
    const phones = [...inventPeople(300), ...inventPeople(200, 'history')].map(({ phone }) => phone)
    expect(new Set(phones).size).toBe(500)
    expect(phones.every((phone) => /^521\d{10}$/.test(phone))).toBe(true)
  })

  it('are the same whatever their number', () => {
    expect(inventPeople(50).slice(0, 10)).toEqual(inventPeople(10))
  })
})

describe('customers on the wire', () => {
  const stops: (() => unknown)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop()
  })

  it('write to the webhook and answer what they receive through the Graph API', async () => {
    const received: { type: string; from: string; text: string }[] = []
    const { server, url } = await startWebhook((body) => {
      for (const message of messagesIn(body)) received.push(message)
    })
    const business = { phoneNumberId: '1', displayPhoneNumber: '5255' }
    const graph = await startFakeGraphApi({
      business,
      accessToken: 'token',
      appSecret: 'secret',
      webhookUrl: () => url,
      latencyMs: 1,
      receiptsMs: { sent: 1, delivered: 1, read: 1 },
    })
    const customers = startCustomers({
      graph,
      business,
      customers: 1,
      ratePerSecond: 100,
      seed: 'wire',
      pace: {
        replyMs: [20, 20],
        burstGapMs: [5, 5],
        patienceMs: 60_000,
        restMs: [60_000, 60_000],
        keepsRate: false,
      },
    })
    stops.push(
      () => server.close(),
      () => graph.stop(),
      () => customers.stop(),
    )

    const lastWords = new Set(CONVERSATION_SCRIPTS.map(({ thanks }) => thanks))
    const isOver = () => received.some(({ text }) => lastWords.has(text))
    while (!isOver()) {
      await until(() => isOver() || customers.waiting === 1)
      if (isOver()) break
      const response = await fetch(`${graph.url}/1/messages`, {
        method: 'POST',
        headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
        body: JSON.stringify({
          messaging_product: 'whatsapp',
          to: `+${received[0]?.from}`,
          type: 'text',
          text: { body: 'ok' },
        }),
      })
      expect(response.status).toBe(200)
    }
    await until(() => graph.webhooks.pending === 0)
    expect(received.length).toBe(customers.written)
    expect(received.length).toBeGreaterThan(2)
    expect(graph.webhooks.accepted).toBe(graph.webhooks.begun)
  }, 20_000)
})

async function startWebhook(
  onBody: (body: string) => void,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      onBody(body)
      response.end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

interface Value {
  messages?: { type: string; from: string; text?: { body: string } }[]
}

function messagesIn(body: string): { type: string; from: string; text: string }[] {
  const parsed = JSON.parse(body) as { entry: { changes: { value: Value }[] }[] }
  const values = parsed.entry.flatMap(({ changes }) => changes.map(({ value }) => value))
  return values.flatMap(({ messages = [] }) =>
    messages.map(({ type, from, text }) => ({ type, from, text: text?.body ?? '' })),
  )
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
