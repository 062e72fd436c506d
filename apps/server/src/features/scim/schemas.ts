import { SCIM_LIMITS } from './limits.ts'

/** What a directory may send and is told, as it can ask itself: RFC 7643 without what nobody here has a use for. */

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const BASE_PATH = '/scim/v2'
const CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'
const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType'
const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema'

type Resource = { id: string } & Record<string, unknown>

const text = (name: string, description: string, more: object = {}) => ({
  name,
  type: 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
})
const flag = (name: string, description: string) => ({
  name,
  type: 'boolean',
  multiValued: false,
  description,
  required: false,
  mutability: 'readWrite',
  returned: 'default',
})
const complex = (
  name: string,
  description: string,
  subAttributes: object[],
  more: object = {},
) => ({
  name,
  type: 'complex',
  multiValued: false,
  description,
  required: false,
  mutability: 'readWrite',
  returned: 'default',
  subAttributes,
  ...more,
})
const reference = (to: string) => ({
  name: '$ref',
  type: 'reference',
  referenceTypes: [to],
  multiValued: false,
  description: 'Where it is.',
  required: false,
  caseExact: true,
  mutability: 'readOnly',
  returned: 'default',
  uniqueness: 'none',
})
const given = { mutability: 'readOnly' }

const meta = (resourceType: string, endpoint: string, id: string) => ({
  resourceType,
  location: `${BASE_PATH}/${endpoint}/${id}`,
})

export const SCHEMAS: readonly Resource[] = [
  {
    schemas: [SCHEMA_SCHEMA],
    id: USER_SCHEMA,
    name: 'User',
    description: 'A person with an account.',
    attributes: [
      text('userName', 'How the directory calls the account.', {
        required: true,
        uniqueness: 'server',
      }),
      complex('name', 'The parts of the name.', [
        text('formatted', 'The whole name.'),
        text('familyName', 'The family name.'),
        text('givenName', 'The given name.'),
      ]),
      text('displayName', 'The name that colleagues see.'),
      flag('active', 'Whether the person may sign in.'),
      complex(
        'emails',
        'The address of work, by which an account is found. One is kept.',
        [
          text('value', 'The address.', { uniqueness: 'server' }),
          text('type', 'The kind of address.', { canonicalValues: ['work'] }),
          flag('primary', 'Whether it is the one.'),
        ],
        { multiValued: true },
      ),
      complex(
        'groups',
        'The groups that the person is in.',
        [
          text('value', 'The group’s id.', given),
          reference('Group'),
          text('display', 'The group’s name.', given),
        ],
        { multiValued: true, ...given },
      ),
    ],
    meta: meta('Schema', 'Schemas', USER_SCHEMA),
  },
  {
    schemas: [SCHEMA_SCHEMA],
    id: GROUP_SCHEMA,
    name: 'Group',
    description: 'People to whom a role, or a team, may be given.',
    attributes: [
      text('displayName', 'The name, by which a role or a team is given.', {
        required: true,
        uniqueness: 'server',
      }),
      complex(
        'members',
        'People in it.',
        [
          text('value', 'The person’s id.', { mutability: 'immutable' }),
          reference('User'),
          text('display', 'The person’s name.', given),
        ],
        { multiValued: true },
      ),
    ],
    meta: meta('Schema', 'Schemas', GROUP_SCHEMA),
  },
]

export const RESOURCE_TYPES: readonly Resource[] = [
  {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: 'User',
    name: 'User',
    description: 'People',
    endpoint: '/Users',
    schema: USER_SCHEMA,
    meta: meta('ResourceType', 'ResourceTypes', 'User'),
  },
  {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: 'Group',
    name: 'Group',
    description: 'Groups',
    endpoint: '/Groups',
    schema: GROUP_SCHEMA,
    meta: meta('ResourceType', 'ResourceTypes', 'Group'),
  },
]

export const SERVICE_PROVIDER_CONFIG = {
  schemas: [CONFIG_SCHEMA],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: SCIM_LIMITS.pageSize },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API key',
      description: 'A key with the scope scim, as a bearer token.',
      specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${BASE_PATH}/ServiceProviderConfig` },
}

export function listOf(resources: readonly object[], totalResults: number, startIndex = 1): object {
  return {
    schemas: [LIST_SCHEMA],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}
