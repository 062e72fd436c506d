import { createApiKeyInput, revokeApiKeyInput, rotateApiKeyInput } from '@parley/contracts'
import { type ApiScope } from '@parley/domain'

import {
  createApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from '../../features/api-keys/index.ts'
import { parsed, personId, required, type Administration, type Command } from './command.ts'

const DEFAULT_DAYS = '365'
const DEFAULT_OVERLAP_HOURS = '24'
const NO_KEY = 'No key that works has this id (npm run admin -- api-key list)'

export const apiKeyCommands: Record<string, Command> = keyCommands({
  takes: '--scopes S,S ',
  scopesOf: ({ values }) => list(required(values.scopes, 'scopes')),
  isShown: () => true,
})

/** A directory's: a key that may send people and groups, and nothing else. */
export const scimTokenCommands: Record<string, Command> = keyCommands({
  takes: '',
  scopesOf: () => ['scim'],
  isShown: (scopes) => scopes.includes('scim'),
})

function keyCommands({
  takes,
  scopesOf,
  isShown,
}: {
  takes: string
  scopesOf: (administration: Administration) => string[]
  isShown: (scopes: readonly ApiScope[]) => boolean
}): Record<string, Command> {
  return {
    list: {
      operands: 0,
      takes: '',
      does: 'id, name, owner, scopes, addresses, until when, last use (to the hour)',
      async run({ services, say }) {
        for (const key of await listApiKeys(services.db)) {
          if (!isShown(key.scopes)) continue
          const {
            id,
            name,
            ownerName: owner,
            scopes,
            allowedAddresses,
            expiresAt,
            lastUsedAt,
          } = key
          say({ id, name, owner, scopes, allowedAddresses, expiresAt, lastUsedAt })
        }
      },
    },

    create: {
      operands: 0,
      takes: `--name N --owner EMAIL ${takes}[--days N] [--from ADDRESS,NETWORK]`,
      does: 'prints the key, once; it may what its owner may, and no more',
      async run(administration) {
        const { services, by, values, say } = administration
        const wanted = parsed(createApiKeyInput, {
          name: required(values.name, 'name'),
          ownerId: await personId(services.db, required(values.owner, 'owner')),
          scopes: scopesOf(administration),
          lifetimeDays: Number(values.days ?? DEFAULT_DAYS),
          allowedAddresses: list(values.from ?? ''),
        })
        say({ ...(await createApiKey(services, by, wanted)) })
      },
    },

    rotate: {
      operands: 1,
      takes: 'ID [--overlap HOURS] [--days N]',
      does: 'prints the next key; the one before lives on for the overlap (24 hours)',
      notFound: NO_KEY,
      async run({ services, by, values, say }, [keyId = '']) {
        const wanted = parsed(rotateApiKeyInput, {
          keyId,
          overlapHours: Number(values.overlap ?? DEFAULT_OVERLAP_HOURS),
          lifetimeDays: Number(values.days ?? DEFAULT_DAYS),
        })
        say({ ...(await rotateApiKey(services, by, wanted)) })
      },
    },

    revoke: {
      operands: 1,
      takes: 'ID',
      does: 'ends it from the next request on',
      notFound: NO_KEY,
      run: ({ services, by }, [keyId = '']) =>
        revokeApiKey(services, by, parsed(revokeApiKeyInput, { keyId }).keyId),
    },
  }
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}
