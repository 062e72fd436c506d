import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { createLogger } from './platform/logger.ts'
import { codeOf, conversationOf, newCustomer, write } from './testing/conversations.ts'
import { connectDirectory } from './testing/scim.ts'
import {
  ACCESS_TOKEN,
  APP_SECRET,
  CHAT_APP_SECRET,
  PASSWORD,
  VERIFY_TOKEN,
  eventually,
  newId,
  startTestServer,
  type TestServer,
} from './testing/test-server.ts'

/**
 * Marked words go in wherever somebody can bring any, at the level at which everything is logged, and where they are
 * stored the database fails with them in its mouth. None is in the log.
 */

const WORDS = 'palabras-marcadas-7f3a'
/** Makes the database fail for good, or for a moment, quoting the whole row. */
const FAILS = `${WORDS} falla`
const FAILS_FOR_A_MOMENT = `${WORDS} vuelve`

const lines: string[] = []
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({}, undefined, {
    logger: createLogger('trace', { write: (line) => void lines.push(line) }),
  })
  await server.database.pool.query(`
    CREATE FUNCTION fail_with_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF to_jsonb(NEW)::text LIKE '%${FAILS}%' THEN
        RAISE EXCEPTION 'not this: %', to_jsonb(NEW) USING DETAIL = to_jsonb(NEW)::text, HINT = '${WORDS}';
      END IF;
      IF to_jsonb(NEW)::text LIKE '%${FAILS_FOR_A_MOMENT}%' THEN
        RAISE EXCEPTION 'not now: %', to_jsonb(NEW) USING ERRCODE = '40001';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail_with_words BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION fail_with_words();
    CREATE TRIGGER fail_with_words BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION fail_with_words();
    CREATE TRIGGER fail_with_words BEFORE INSERT OR UPDATE ON directory_people
      FOR EACH ROW EXECUTE FUNCTION fail_with_words();
    CREATE FUNCTION fail_with_body() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF convert_from(NEW.body, 'UTF8') LIKE '%no se guarda%' THEN
        RAISE EXCEPTION 'not this: %', convert_from(NEW.body, 'UTF8');
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail_with_body BEFORE INSERT ON webhook_bodies FOR EACH ROW EXECUTE FUNCTION fail_with_body();`)
})
afterAll(() => server.stop())

async function post(path: string, body: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(server.url + path, { method: 'POST', headers, body })
  // Nor is anybody told what the database said.
  expect(await response.text()).not.toContain('not this')
  return response.status
}

const JSON_TYPE = { 'content-type': 'application/json' }

test('no word and no secret is in the log, whichever way it comes in', async () => {
  const person = await server.addPerson({
    role: 'admin',
    teamIds: Object.values(server.teams),
    name: WORDS,
    presence: 'online',
  })
  const client = await server.signIn(person)
  const { trpc } = client

  // A customer's, in words, in a name, and where storing them fails.
  const { id: conversationId } = await conversationOf(
    server,
    await write(server, newCustomer(WORDS), WORDS),
  )
  await write(server, newCustomer(), FAILS)
  await write(server, newCustomer(FAILS), 'hola')
  await write(server, newCustomer(), FAILS_FOR_A_MOMENT)
  const webhook = async (text: string): Promise<number> => {
    const signature = createHmac('sha256', APP_SECRET).update(text).digest('hex')
    const headers = { ...JSON_TYPE, 'x-hub-signature-256': `sha256=${signature}` }
    return post('/webhooks/whatsapp', text, headers)
  }
  await webhook(WORDS)
  await webhook(`{"entry":"${WORDS}"}`)
  await webhook(`{"object":"whatsapp_business_account","entry":[{"changes":"${WORDS}"}]}`)
  expect(await webhook(`{"no se guarda":"${WORDS}"}`)).toBe(500)
  await post('/webhooks/whatsapp', WORDS, { 'x-hub-signature-256': WORDS })
  await post('/webhooks/chat-app', WORDS, { 'x-parley-signature': WORDS })
  await fetch(`${server.url}/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=${WORDS}`)

  // A colleague's.
  const intent = () => ({ intentId: newId(), conversationId })
  await codeOf(trpc.conversations.claim.mutate(intent()))
  const send = (text: string): Promise<string> =>
    codeOf(
      trpc.messages.send.mutate({
        id: newId(),
        conversationId,
        text,
        lastSeenSeq: null,
        despiteNewerReply: true,
      }),
    )
  await send(WORDS)
  expect(await send(FAILS)).toBe('internal')
  expect(await send(FAILS_FOR_A_MOMENT)).toBe('try_later')

  // A directory's.
  const directory = await connectDirectory(server, client, person.id)
  const provision = async (displayName: string): Promise<number> => {
    const user = { userName: `${newId()}@${WORDS}.example`, displayName }
    const answer = await directory.send('POST', '/Users', user)
    expect(JSON.stringify(answer.body)).not.toContain('not this')
    return answer.status
  }
  expect(await provision(WORDS)).toBe(201)
  expect(await provision(FAILS)).toBe(500)
  expect(await provision(FAILS_FOR_A_MOMENT)).toBe(503)
  await directory.send('GET', `/Users?filter=userName eq "${WORDS}"`)
  await directory.send('PATCH', `/Users/${WORDS}`, WORDS)
  await directory.send('POST', '/Groups', { displayName: WORDS, members: WORDS })

  // Anybody's.
  await post('/scim/v2/Users', WORDS, { ...JSON_TYPE, authorization: `Bearer ${WORDS}` })
  const wrongKey = `${directory.key.slice(0, -8)}AAAAAAAA`
  await post('/scim/v2/Users', WORDS, { ...JSON_TYPE, authorization: `Bearer ${wrongKey}` })
  await post('/trpc/session.signIn', JSON.stringify({ email: WORDS, password: WORDS }), JSON_TYPE)
  const device = { id: newId(), name: WORDS, platform: 'linux' as const }
  const guess = { email: `${WORDS}@parley.example`, password: WORDS, device, protocolVersion: 1 }
  await post('/trpc/session.signIn', JSON.stringify(guess), JSON_TYPE)
  await post('/trpc/session.refresh', JSON.stringify({ refreshToken: WORDS }), JSON_TYPE)
  await post('/trpc/session.refresh', `{"refreshToken":"${WORDS}`, JSON_TYPE)
  await post(`/trpc/${WORDS}`, WORDS, { ...JSON_TYPE, authorization: `Bearer ${WORDS}` })
  await post('/trpc/session.refresh', WORDS, { 'content-type': WORDS })
  for (const path of [
    WORDS,
    `dictionaries/${WORDS}`,
    `trpc/sync.bootstrap?input=${WORDS}`,
    `%${WORDS}`,
  ]) {
    await fetch(`${server.url}/${path}`, { headers: { 'x-words': WORDS, cookie: WORDS } })
  }
  const { hostname, port } = new URL(server.url)
  for (const head of [
    `${WORDS}\r\n\r\n`,
    `GET /${WORDS} HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  ]) {
    const socket = connect(Number(port), hostname).on('error', () => {})
    socket.end(head)
    await once(socket.resume(), 'close')
  }
  const line = new WebSocket(`${server.url.replace('http', 'ws')}/trpc?connectionParams=1&${WORDS}`)
  await once(line, 'open')
  line.send(JSON.stringify({ method: 'connectionParams', data: { accessToken: WORDS } }))
  line.send(`{"id":1,"method":"query","params":{"path":"${WORDS}","input":"${WORDS}"}}`)
  await once(line, 'message')
  line.send(WORDS)
  await once(line, 'message')
  line.terminate()

  // What fails has been logged, so there was something to say.
  const logged = (message: string): boolean => lines.some((one) => one.includes(`"${message}"`))
  await eventually(() => {
    for (const message of [
      'update failed',
      'procedure failed',
      'request failed',
      'directory request failed',
      'directory request put off',
      'body waits for a moment',
      'procedure refused by the database',
    ]) {
      expect([message, logged(message)]).toEqual([message, true])
    }
  })
  client.close()
  for (const secret of [
    PASSWORD,
    APP_SECRET,
    VERIFY_TOKEN,
    ACCESS_TOKEN,
    CHAT_APP_SECRET,
    client.accessToken,
    client.refreshToken,
    directory.key.slice(-43),
    wrongKey.slice(-43),
    WORDS,
  ]) {
    expect(lines.filter((one) => one.includes(secret))).toEqual([])
  }
  expect(lines.join('')).toContain('"code":"P0001"')
})

test('who asked for what they may not do is in the log', async () => {
  const agent = await server.signIn(await server.addPerson({ role: 'agent', teamIds: [] }))
  expect(await codeOf(agent.trpc.teams.list.query())).toBe('forbidden')
  const line = lines.find((one) => one.includes('call refused: not allowed'))
  expect(JSON.parse(String(line))).toMatchObject({ path: 'teams.list', sessionId: agent.sessionId })
  agent.close()
})
