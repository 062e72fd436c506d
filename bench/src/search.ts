import { bench, rising } from './options.ts'
import { addColleagues, fillCompany, SECRET_KEY, untilIndexed, type Colleague } from './company.ts'
import { percentile } from './percentile.ts'
import { indexAtOnce } from './search-index.ts'
import { createWorld } from './world.ts'

const MESSAGES_PER_CONVERSATION = 10
const ROUNDS = 15
/** The server takes its time with what was there before; more than that the bench brings in itself. */
const MOST_LEFT_TO_THE_SERVER = 20_000

/**
 * How long a search of everything takes, over so many messages: what stands in each of them, what stands in one, words
 * as they are typed, several words, customers; for whoever sees all and for who sees little. Beside the bare statement
 * that finds the same by reading the messages.
 */
export const search = bench({
  says: 'search over the whole company',
  options: { sizes: rising([10_000, 1_000_000], 'messages') },
  run,
})

async function run({ sizes }: { sizes: number[] }): Promise<void> {
  const world = await createWorld()
  try {
    let filled = 0
    for (const size of sizes) {
      const teamIds = await fillCompany(world.pool, size / MESSAGES_PER_CONVERSATION - filled)
      filled = size / MESSAGES_PER_CONVERSATION
      const began = performance.now()
      if (size > MOST_LEFT_TO_THE_SERVER) await indexAtOnce(world.pool)
      const server = await world.startServer({ PARLEY_SECRET_KEY: SECRET_KEY })
      await untilIndexed(world.pool)
      const seconds = (performance.now() - began) / 1000
      print(
        size > MOST_LEFT_TO_THE_SERVER
          ? `${size.toLocaleString('en')} messages, their index filled by the bench in ${seconds.toFixed(0)} s`
          : `${size.toLocaleString('en')} messages: made findable in ${seconds.toFixed(0)} s (${(size / seconds).toFixed(0)}/s)`,
      )
      const { rows } = await world.pool.query<{ text: string }>(
        'SELECT content_text AS text FROM messages ORDER BY id LIMIT 1 OFFSET 500',
      )
      const rare = /pedido (\w+)/.exec(rows[0]?.text ?? '')?.[1] ?? ''
      const queries = {
        'in every message': 'pedido',
        'a letter': 'p',
        'as typed': 'pedi',
        'several, common': 'quería saber pedido',
        'in one message': rare,
        'its beginning': rare.slice(0, 7),
        'in none': 'zarzamora',
        'rare and common': `${rare} pedido`,
        'a customer': 'Cliente 77',
        'overdue ones': 'due:overdue',
      }
      const [supervisor] = (await addColleagues(world.pool, teamIds, 'supervisor', 1)) as [
        Colleague,
      ]
      const [agent] = (await addColleagues(world.pool, teamIds, 'agent', 1)) as [Colleague]
      const readingBegan = performance.now()
      await world.pool.query(
        `SELECT id FROM messages WHERE content_text ILIKE '%' || $1 || '%' ORDER BY sent_at DESC LIMIT 30`,
        [rare],
      )
      print(
        `  the bare statement that reads all: ${(performance.now() - readingBegan).toFixed(0)} ms`,
      )
      for (const [name, text] of Object.entries(queries)) {
        const [all, own] = [
          await measure(server.url, supervisor, text),
          await measure(server.url, agent, text),
        ]
        print(
          `  ${name.padEnd(18)} supervisor p50 ${all.p50} ms, p95 ${all.p95} ms (${all.hits} hits); agent p50 ${own.p50} ms, p95 ${own.p95} ms (${own.hits} hits)`,
        )
      }
      await server.stop()
    }
  } finally {
    await world.stop()
  }
}

async function measure(
  url: string,
  { token }: Colleague,
  text: string,
): Promise<{ p50: string; p95: string; hits: number }> {
  const waits: number[] = []
  let hits = 0
  const input = encodeURIComponent(JSON.stringify({ text, limit: 30 }))
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    const response = await fetch(`${url}/trpc/search.query?input=${input}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const answer = (await response.json()) as { result?: { data: { hits: unknown[] } } }
    if (answer.result === undefined) throw new Error(`«${text}»: ${JSON.stringify(answer)}`)
    waits.push(performance.now() - began)
    hits = answer.result.data.hits.length
  }
  return { p50: percentile(waits, 50).toFixed(0), p95: percentile(waits, 95).toFixed(0), hits }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
