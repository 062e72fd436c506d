import { id as idSchema } from '@parley/contracts'
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { type Sessions } from '../features/accounts/index.ts'
import { type KeyAuthentication } from '../features/api-keys/index.ts'
import {
  BASE_PATH,
  ERROR_SCHEMA,
  RESOURCE_TYPES,
  SCHEMAS,
  SCIM_LIMITS,
  SERVICE_PROVIDER_CONFIG,
  createGroup,
  createPerson,
  findGroup,
  findGroups,
  findPeople,
  findPerson,
  isLeftOut,
  listOf,
  noResource,
  readListQuery,
  readQuery,
  removeGroup,
  removePerson,
  replaceGroup,
  replacePerson,
  ScimRefusal,
  selected,
  toGroup,
  toRefusal,
  toUser,
  updateGroup,
  updatePerson,
  type Directory,
} from '../features/scim/index.ts'
import { isTransient, isUnstorable } from '../platform/database.ts'
import { Failure } from '../platform/failure.ts'
import { FairShare } from '../platform/fair-share.ts'
import { type Services } from '../platform/services.ts'
import { TokenBuckets } from '../platform/token-buckets.ts'
import { type ClientAddress } from './client-address.ts'

const MEDIA_TYPE = 'application/scim+json; charset=utf-8'
/** Entra asks for 25 a second at least; a first sync of thousands is done within minutes. */
const KEY_REQUESTS = { burst: 500, perSecond: 400 }
/** An answer of so many bytes counts as a further request: pages of hundreds are as many people's worth of work. */
const BYTES_A_REQUEST = 5_000
/** Of one key, and of all: a sync is nobody's hurry, and people work meanwhile. */
const KEY_AT_ONCE = { atOnce: 4, waiting: 100 }
const ALL_AT_ONCE = { atOnce: 6, waiting: 300 }
const RETRY_LATER_SECONDS = 5

interface ScimParts {
  sessions: Sessions
  authenticate: KeyAuthentication
  clientAddress: ClientAddress
  exactAddress: ClientAddress
}

type Asked = FastifyRequest<{ Params: { id: string } }>

/** Where a company's directory sends people and groups (SCIM 2.0, RFC 7644), by an API key. */
export function registerScim(app: FastifyInstance, services: Services, parts: ScimParts): void {
  const directories = new WeakMap<FastifyRequest, Directory>()
  const requests = new TokenBuckets(KEY_REQUESTS)
  const shares = new FairShare(KEY_AT_ONCE)
  const all = new FairShare(ALL_AT_ONCE)
  const { db } = services

  void app.register(
    (scope, _options, done) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        ['application/scim+json', 'application/json'],
        { parseAs: 'string', bodyLimit: SCIM_LIMITS.bodyBytes },
        (_request, body, parsed) => parseBody(String(body), parsed),
      )
      scope.setErrorHandler((error, request, reply) =>
        answerRefusal(services, error, request, reply),
      )
      scope.setNotFoundHandler(() => {
        throw noResource()
      })
      // Before the body is read: a stranger's is not waited for.
      scope.addHook('onRequest', async (request) => {
        const { keyId, by } = await parts.authenticate(
          {
            authorization: request.headers.authorization,
            address: parts.clientAddress(request.raw),
            exactAddress: parts.exactAddress(request.raw),
            requestId: request.id,
          },
          'scim',
        )
        const retryAfterMs = requests.take(keyId)
        if (retryAfterMs > 0) {
          services.metrics.turnedAway.inc({ limit: 'scim' })
          throw new Failure('too_many_attempts', { retryAfterMs })
        }
        directories.set(request, { services, sessions: parts.sessions, keyId, by })
      })
      registerDiscovery(scope)
      registerUsers(scope)
      registerGroups(scope)
      done()
    },
    { prefix: BASE_PATH },
  )

  /** What a route does, in its key's turn. */
  function doing(
    work: (directory: Directory, request: Asked, reply: FastifyReply) => Promise<unknown>,
  ) {
    return async (request: Asked, reply: FastifyReply) => {
      const directory = directories.get(request)
      if (directory === undefined) throw new Failure('unauthenticated')
      const answer = await shares.run(directory.keyId, () =>
        all.run('', () => work(directory, request, reply)),
      )
      if (answer === null) return reply.code(204).send()
      const text = JSON.stringify(answer)
      requests.spend(directory.keyId, Math.floor(text.length / BYTES_A_REQUEST))
      return reply.type(MEDIA_TYPE).send(text)
    }
  }

  function registerUsers(scope: FastifyInstance): void {
    const { bodyBytes: bodyLimit } = SCIM_LIMITS
    scope.get(
      '/Users',
      doing(async (_directory, request) => {
        const query = readQuery(request.query)
        const wanted = readListQuery(query)
        const { people, total } = await findPeople(db, wanted)
        return listOf(
          people.map((one) => selected(toUser(one), query)),
          total,
          wanted.startIndex,
        )
      }),
    )
    scope.get(
      '/Users/:id',
      doing(async (_directory, request) => {
        const person = await findPerson(db, idOf(request))
        if (person === null) throw noResource()
        return selected(toUser(person), readQuery(request.query))
      }),
    )
    scope.post(
      '/Users',
      { bodyLimit },
      doing(async (directory, { body, query }, reply) => {
        const person = await createPerson(directory, body)
        void reply.code(201).header('location', `${BASE_PATH}/Users/${person.user_id}`)
        return selected(toUser(person), readQuery(query))
      }),
    )
    scope.put(
      '/Users/:id',
      { bodyLimit },
      doing(async (directory, request) => {
        const person = await replacePerson(directory, idOf(request), request.body)
        return selected(toUser(person), readQuery(request.query))
      }),
    )
    scope.patch(
      '/Users/:id',
      { bodyLimit },
      doing(async (directory, request) => {
        const person = await updatePerson(directory, idOf(request), request.body)
        return selected(toUser(person), readQuery(request.query))
      }),
    )
    scope.delete(
      '/Users/:id',
      doing(async (directory, request) => {
        await removePerson(directory, idOf(request))
        return null
      }),
    )
  }

  function registerGroups(scope: FastifyInstance): void {
    const { bodyBytes: bodyLimit } = SCIM_LIMITS
    const shown = async (groupId: string, request: Asked): Promise<object> => {
      const query = readQuery(request.query)
      const group = await findGroup(db, groupId, !isLeftOut(query, 'members'))
      if (group === null) throw noResource()
      return selected(toGroup(group), query)
    }
    scope.get(
      '/Groups',
      doing(async (_directory, request) => {
        const query = readQuery(request.query)
        const wanted = readListQuery(query)
        const { groups, total } = await findGroups(db, wanted, !isLeftOut(query, 'members'))
        return listOf(
          groups.map((one) => selected(toGroup(one), query)),
          total,
          wanted.startIndex,
        )
      }),
    )
    scope.get(
      '/Groups/:id',
      doing((_directory, request) => shown(idOf(request), request)),
    )
    scope.post(
      '/Groups',
      { bodyLimit },
      doing(async (directory, request, reply) => {
        const groupId = await createGroup(directory, request.body)
        void reply.code(201).header('location', `${BASE_PATH}/Groups/${groupId}`)
        return shown(groupId, request)
      }),
    )
    scope.put(
      '/Groups/:id',
      { bodyLimit },
      doing(async (directory, request) => {
        await replaceGroup(directory, idOf(request), request.body)
        return shown(idOf(request), request)
      }),
    )
    // Its members may be thousands, and who changed one does not ask for all.
    scope.patch(
      '/Groups/:id',
      { bodyLimit },
      doing(async (directory, request) => {
        await updateGroup(directory, idOf(request), request.body)
        return null
      }),
    )
    scope.delete(
      '/Groups/:id',
      doing(async (directory, request) => {
        await removeGroup(directory, idOf(request))
        return null
      }),
    )
  }

  function registerDiscovery(scope: FastifyInstance): void {
    scope.get(
      '/ServiceProviderConfig',
      doing(async () => SERVICE_PROVIDER_CONFIG),
    )
    for (const [path, resources] of [
      ['/Schemas', SCHEMAS],
      ['/ResourceTypes', RESOURCE_TYPES],
    ] as const) {
      scope.get(
        path,
        doing(async (_directory, { query }) => {
          // Of filters here RFC 7644 says so.
          if (readQuery(query).filter !== undefined)
            throw new ScimRefusal(403, null, 'Not filtered')
          return listOf(resources, resources.length)
        }),
      )
      scope.get(
        `${path}/:id`,
        doing(async (_directory, { params }) => {
          const found = resources.find(({ id }) => id.toLowerCase() === params.id.toLowerCase())
          if (found === undefined) throw noResource()
          return found
        }),
      )
    }
  }
}

/** @throws ScimRefusal: what is no id is nothing's */
function idOf({ params }: Asked): string {
  const result = idSchema.safeParse(params.id)
  if (!result.success) throw noResource()
  return result.data
}

/** Okta says of a DELETE, too, of which type its body would be. */
function parseBody(body: string, parsed: (error: Error | null, value?: unknown) => void): void {
  try {
    parsed(null, body === '' ? undefined : JSON.parse(body))
  } catch {
    parsed(new ScimRefusal(400, 'invalidSyntax', 'The body is no JSON'))
  }
}

function answerRefusal(
  services: Services,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, scimType, detail, retryAfterSeconds } = refusalOf(error)
  // Of a flood each one is counted, and none written down.
  if (error instanceof Failure && error.code === 'try_later')
    services.metrics.turnedAway.inc({ limit: 'scim' })
  else if (status >= 500) {
    const told = { err: error, requestId: request.id, path: request.routeOptions.url }
    if (status === 503) services.logger.warn(told, 'directory request put off')
    else services.logger.error(told, 'directory request failed')
  }
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  if (retryAfterSeconds !== null) void reply.header('retry-after', String(retryAfterSeconds))
  return reply
    .code(status)
    .type(MEDIA_TYPE)
    .send(
      JSON.stringify({
        schemas: [ERROR_SCHEMA],
        status: String(status),
        ...(scimType !== null && { scimType }),
        detail,
      }),
    )
}

interface Refused {
  status: number
  scimType: string | null
  detail: string
  retryAfterSeconds: number | null
}

function refusalOf(error: unknown): Refused {
  const refused = (status: number, detail: string, scimType: string | null = null): Refused => ({
    status,
    scimType,
    detail,
    retryAfterSeconds: status === 503 ? RETRY_LATER_SECONDS : null,
  })
  if (error instanceof ScimRefusal) return refused(error.status, error.message, error.scimType)
  if (isTransient(error)) return refused(503, 'Busy; nothing is wrong with the request')
  if (isUnstorable(error)) return refused(400, 'A value cannot be stored', 'invalidValue')
  if (error instanceof Failure) {
    const known = toRefusal(error)
    if (known !== null) return refused(known.status, known.message, known.scimType)
    switch (error.code) {
      case 'unauthenticated':
        return refused(401, 'The key is none, or over')
      case 'forbidden':
        return refused(403, 'The key may not do this, or not from this address')
      case 'too_many_attempts': {
        const retryAfterSeconds = Math.ceil(Number(error.details['retryAfterMs']) / 1000)
        return { ...refused(429, 'Too many requests'), retryAfterSeconds }
      }
      case 'try_later':
        return refused(503, 'Busy; nothing is wrong with the request')
      default:
        return refused(400, error.code, 'invalidValue')
    }
  }
  const { statusCode = 500 } = error as { statusCode?: number }
  // Of the framework: too large, or of a type that nobody reads.
  if (statusCode < 500) return refused(statusCode, 'The request cannot be read')
  return refused(500, 'A mistake of the server’s, which it has written down')
}
