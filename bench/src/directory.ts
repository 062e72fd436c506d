import { createHash, randomBytes, randomUUID } from 'node:crypto'

import type pg from 'pg'

import { bench, number } from './options.ts'
import { createWorld } from './world.ts'

/** As many as a key has at once on the server. */
const AT_ONCE = 4

/**
 * How long a company's directory takes to send everybody and their groups by SCIM, each group standing for a team,
 * against what that must leave behind, written by hand with as many connections; and how long it takes to send all of it
 * again, which writes nothing.
 */
export const directory = bench({
  says: 'a directory sends everybody, and sends them again',
  options: { people: number(5_000, 'people'), groups: number(50, 'groups') },
  run,
})

async function run({ people, groups }: { people: number; groups: number }): Promise<void> {
  const world = await createWorld()
  try {
    const { pool } = world
    const names = Array.from({ length: groups }, (_, index) => `Grupo ${index}`)
    const teamIds = await addTeams(pool, names)
    const floorMs = await timed(() => byHand(pool, people, teamIds))
    const key = await addKey(pool)
    const server = await world.startServer()
    const ask = asking(`${server.url}/scim/v2`, key)
    const firstMs = await timed(() => sync(ask, people, names))
    const before = await writtenIn(pool)
    const secondMs = await timed(() => sync(ask, people, names))
    const written = (await writtenIn(pool)) - before
    process.stdout.write(
      `${people.toLocaleString('en')} people, ${groups} groups: first ${seconds(firstMs)}, floor ${seconds(floorMs)}, ` +
        `ratio ${(firstMs / floorMs).toFixed(2)}; second ${seconds(secondMs)}, which wrote ${written} rows\n`,
    )
  } finally {
    await world.stop()
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now()
  await work()
  return performance.now() - beganAt
}

type Ask = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ id: string; Resources: { id: string }[] }>

/** Comes again when it is told to, as directories do. */
function asking(url: string, key: string): Ask {
  return async (method, path, body) => {
    for (;;) {
      const response = await fetch(`${url}${encodeURI(path)}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/scim+json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (response.ok) return JSON.parse(text === '' ? '{}' : text) as Awaited<ReturnType<Ask>>
      const retryAfter = Number(response.headers.get('retry-after'))
      if (!retryAfter) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      await new Promise((resolve) => setTimeout(resolve, retryAfter * 1000))
    }
  }
}

/** Whoever is there is replaced, and whoever is not is created; then the members of each group. */
async function sync(ask: Ask, people: number, names: readonly string[]): Promise<void> {
  const ids = await each(people, async (index) => {
    const userName = `persona.${index}@directory.example`
    const user = {
      userName,
      externalId: `external-${index}`,
      displayName: `Persona ${index}`,
      name: { givenName: 'Persona', familyName: String(index) },
      emails: [{ value: userName, type: 'work', primary: true }],
      active: true,
    }
    const [found] = (await ask('GET', `/Users?filter=userName eq "${userName}"`)).Resources
    if (found === undefined) return (await ask('POST', '/Users', user)).id
    await ask('PUT', `/Users/${found.id}`, user)
    return found.id
  })
  await each(names.length, async (index) => {
    const displayName = names[index] ?? ''
    const query = `/Groups?excludedAttributes=members&filter=displayName eq "${displayName}"`
    const [found] = (await ask('GET', query)).Resources
    const id = found?.id ?? (await ask('POST', '/Groups', { displayName })).id
    const members = ids.filter((_, place) => place % names.length === index)
    const value = members.map((member) => ({ value: member }))
    await ask('PATCH', `/Groups/${id}`, { Operations: [{ op: 'Add', path: 'members', value }] })
  })
}

async function each<Result>(
  count: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const one = async (): Promise<void> => {
    while (next < count) {
      const index = next++
      results[index] = await work(index)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return results
}

/** What a sync must leave behind, in as many commits: a person with their entry, then their team with another. */
async function byHand(pool: pg.Pool, people: number, teamIds: readonly string[]): Promise<void> {
  const ids = await each(people, (index) =>
    inTransaction(pool, async (client) => {
      const email = `by.hand.${index}@directory.example`
      await client.query('SELECT id FROM users WHERE LOWER(email) = $1', [email])
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO users (id, email, password_hash, full_name, role)
         VALUES (new_id(), $1, '*', 'Persona', 'agent') RETURNING id`,
        [email],
      )
      const id = rows[0]?.id ?? ''
      await client.query(
        'INSERT INTO directory_people (user_id, user_name, external_id) VALUES ($1, $2, $2)',
        [id, email],
      )
      await append(client, 'person.provisioned', id)
      return id
    }),
  )
  await each(people, (index) =>
    inTransaction(pool, async (client) => {
      await client.query(
        'INSERT INTO team_memberships (id, user_id, team_id) VALUES (new_id(), $1, $2)',
        [ids[index], teamIds[index % teamIds.length]],
      )
      await append(client, 'person.teams_changed', ids[index] ?? '')
    }),
  )
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } finally {
    client.release()
  }
}

/** An entry of the audit log, with the chain's only row held until the commit. */
async function append(client: pg.PoolClient, action: string, targetId: string): Promise<void> {
  const { rows } = await client.query<{ seq: string }>('SELECT seq FROM audit_chain FOR UPDATE')
  const seq = String(BigInt(rows[0]?.seq ?? 0) + 1n)
  const hash = randomBytes(32)
  await client.query(
    `INSERT INTO audit_log (seq, at, actor_kind, action, target_kind, target_id, key_id, hash)
     VALUES ($1, NOW(), 'scim', $2, 'person', $3, 'bench', $4)`,
    [seq, action, targetId, hash],
  )
  await client.query('UPDATE audit_chain SET seq = $1, hash = $2', [seq, hash])
}

async function addTeams(pool: pg.Pool, names: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH made AS (
       INSERT INTO teams (name, slug) SELECT one, one FROM unnest($1::text[]) AS one RETURNING id, name),
     mapped AS (INSERT INTO group_mappings (name, team_id) SELECT name, id FROM made)
     SELECT id FROM made`,
    [names],
  )
  return rows.map(({ id }) => id)
}

async function addKey(pool: pg.Pool): Promise<string> {
  const id = randomUUID()
  const key = `parley_live_${id.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`
  await pool.query(
    `WITH owner AS (
       INSERT INTO users (id, email, password_hash, full_name, role)
       VALUES (new_id(), 'owner@directory.example', '*', 'Owner', 'admin') RETURNING id)
     INSERT INTO api_keys (id, hash, name, owner_id, scopes, expires_at)
     SELECT $1, $2, 'bench', owner.id, '{scim}', NOW() + INTERVAL '1 day' FROM owner`,
    [id, createHash('sha256').update(key).digest()],
  )
  return key
}

/** All that a sync could write leaves a change or an entry behind. */
async function writtenIn(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT ((SELECT COUNT(*) FROM changes) + (SELECT COUNT(*) FROM audit_log)
             + (SELECT COUNT(*) FROM directory_group_members))::int AS count`,
  )
  return rows[0]?.count ?? 0
}
