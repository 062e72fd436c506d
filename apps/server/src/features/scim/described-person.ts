import { z } from 'zod'

import {
  OWN_SCHEMA,
  entryOf,
  isObject,
  readOperations,
  readText,
  requireObject,
  requireSchema,
  wordOf,
} from './bodies.ts'
import { invalid, ScimRefusal } from './refusal.ts'
import { GROUP_SCHEMA, USER_SCHEMA } from './schemas.ts'

/** A person as a directory describes them: what Parley has a use for, and nothing else of what is sent. */
export interface DescribedPerson {
  userName: string
  externalId: string | null
  displayName: string | null
  formattedName: string | null
  givenName: string | null
  familyName: string | null
  isActive: boolean
  email: string
}

const email = z.email().max(255)

/** Fields by their paths, in lower case: attribute names have no case. */
const FIELD_OF = {
  username: 'userName',
  externalid: 'externalId',
  displayname: 'displayName',
  'name.formatted': 'formattedName',
  'name.givenname': 'givenName',
  'name.familyname': 'familyName',
  active: 'isActive',
} as const satisfies Record<string, keyof DescribedPerson>
type TextField = Exclude<keyof DescribedPerson, 'isActive' | 'email'>

/** Attributes that directories send by default, and that nobody here has a use for. They change nothing. */
const UNUSED = new Set([
  'schemas',
  'id',
  'meta',
  'groups',
  'password',
  'nickname',
  'profileurl',
  'title',
  'usertype',
  'preferredlanguage',
  'locale',
  'timezone',
  'phonenumbers',
  'ims',
  'photos',
  'addresses',
  'entitlements',
  'roles',
  'x509certificates',
])
const UNUSED_NAME_PARTS = new Set(['middlename', 'honorificprefix', 'honorificsuffix'])
/** Of the address of work, as both vendors name it. */
const EMAIL_PATH =
  /^emails(?:\[\s*(?:type\s+eq\s+"(\w+)"|primary\s+eq\s+"?true"?)(?:\s+and\s+primary\s+eq\s+"?true"?)?\s*\])?(?:\.(\w+))?$/i

type Change = (person: DescribedPerson) => void

/**
 * Of a POST or a PUT.
 * @param before what stands, of a PUT: who was switched off is not switched on by a body that does not say so
 * @throws ScimRefusal
 */
export function describePerson(body: unknown, before: DescribedPerson | null): DescribedPerson {
  const attributes = requireObject(body, 'The body')
  requireSchema(attributes, USER_SCHEMA, GROUP_SCHEMA)
  const person: DescribedPerson = {
    userName: '',
    externalId: null,
    displayName: null,
    formattedName: null,
    givenName: null,
    familyName: null,
    isActive: before?.isActive ?? true,
    email: '',
  }
  for (const change of changesOf(attributes, false)) change(person)
  if (person.userName === '') throw invalid('userName is missing')
  if (person.email === '') person.email = before?.email ?? emailOf(person.userName)
  return person
}

function emailOf(userName: string): string {
  const result = email.safeParse(userName)
  if (!result.success) throw invalid('emails has no address, and userName is none')
  return result.data.toLowerCase()
}

/** @throws ScimRefusal for what cannot be done; where it is done the person has changed */
export function patchPerson(before: DescribedPerson, body: unknown): DescribedPerson {
  const person = { ...before }
  for (const { op, path, value } of readOperations(body)) {
    const changes =
      path === null
        ? changesOf(requireObject(value, 'The value of an operation without a path'), true)
        : changeAt(path, op === 'remove' ? null : value, true)
    for (const change of changes) change(person)
  }
  if (person.userName === '') throw invalid('userName is missing')
  return person
}

/** Of all attributes of an object. @param isStrict whether a name that nobody knows is refused */
function changesOf(attributes: Record<string, unknown>, isStrict: boolean): Change[] {
  return Object.entries(attributes).flatMap(([path, value]) => changeAt(path, value, isStrict))
}

/** @throws ScimRefusal */
function changeAt(path: string, value: unknown, isStrict: boolean): Change[] {
  const plain = path.trim().replace(OWN_SCHEMA, '')
  const lower = plain.toLowerCase()
  if (Object.hasOwn(FIELD_OF, lower)) return [fieldChange(lower as keyof typeof FIELD_OF, value)]
  if (lower === 'name') return nameChanges(value, isStrict)
  if (lower === 'emails' && !isObject(value)) return emailChanges(value)
  const emails = EMAIL_PATH.exec(plain)
  if (emails !== null) return emailChangeAt(emails[1] ?? null, emails[2] ?? null, value)
  // Other schemas' attributes begin with their URN.
  const root = lower.split(/[.[]/)[0] ?? ''
  const isUnused =
    UNUSED.has(root) ||
    lower.startsWith('urn:') ||
    (lower.startsWith('name.') && UNUSED_NAME_PARTS.has(lower.slice(5)))
  if (isUnused || !isStrict) return []
  throw new ScimRefusal(400, 'invalidPath', `There is no attribute ${plain.slice(0, 100)}`)
}

function fieldChange(path: keyof typeof FIELD_OF, value: unknown): Change {
  const field = FIELD_OF[path]
  if (field === 'isActive') {
    const isActive = readFlag(value)
    return (person) => (person.isActive = isActive)
  }
  const text = readText(value, path)
  return (person) => {
    if (field === 'userName') person.userName = text ?? ''
    else person[field] = text
  }
}

/** Sub-attributes that are not there stay as they are (RFC 7644, 3.5.2.3). */
function nameChanges(value: unknown, isStrict: boolean): Change[] {
  if (value === null || value === undefined) {
    const fields: Exclude<TextField, 'userName'>[] = ['formattedName', 'givenName', 'familyName']
    return fields.map((field) => (person) => (person[field] = null))
  }
  return Object.entries(requireObject(value, 'name')).flatMap(([part, text]) =>
    changeAt(`name.${part}`, text, isStrict),
  )
}

/** Of several the one of work, else the primary one, else the first. An account without an address there is not. */
function emailChanges(value: unknown): Change[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw invalid('emails is no list')
  const addresses = value
    .slice(0, 100)
    .map((one) => requireObject(one, 'An address'))
    .filter((one) => typeof entryOf(one, 'value') === 'string' && entryOf(one, 'value') !== '')
  const isOfWork = (one: object) => wordOf(entryOf(one, 'type')) === 'work'
  const isPrimary = (one: object) =>
    entryOf(one, 'primary') === true || wordOf(entryOf(one, 'primary')) === 'true'
  const chosen = addresses.find(isOfWork) ?? addresses.find(isPrimary) ?? addresses[0]
  return chosen === undefined ? [] : [emailChange(entryOf(chosen, 'value'))]
}

function emailChangeAt(type: string | null, part: string | null, value: unknown): Change[] {
  if (type !== null && type.toLowerCase() !== 'work') return []
  if (part === null) return emailChanges(isObject(value) ? [value] : value)
  if (part.toLowerCase() !== 'value') return []
  if (value === null || value === undefined || value === '') {
    throw new ScimRefusal(400, 'mutability', 'An account has an address')
  }
  return [emailChange(value)]
}

function emailChange(value: unknown): Change {
  const result = email.safeParse(typeof value === 'string' ? value.trim() : value)
  if (!result.success) throw invalid('emails has something that is no address')
  return (person) => (person.email = result.data.toLowerCase())
}

/** Entra sends `"True"` and `"False"`. */
function readFlag(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  const word = wordOf(value)
  if (word === 'true' || word === 'false') return word === 'true'
  throw invalid('active is neither true nor false')
}
