export {
  createGroup,
  findGroup,
  findGroups,
  removeGroup,
  replaceGroup,
  toGroup,
  updateGroup,
} from './directory-groups.ts'
export {
  createPerson,
  removePerson,
  replacePerson,
  toRefusal,
  updatePerson,
  type Directory,
} from './directory-people.ts'
export { findPeople, findPerson, toUser } from './directory-people.queries.ts'
export { SCIM_LIMITS } from './limits.ts'
export { isLeftOut, readListQuery, readQuery, selected } from './queries.ts'
export { noResource, ScimRefusal } from './refusal.ts'
export {
  BASE_PATH,
  ERROR_SCHEMA,
  listOf,
  RESOURCE_TYPES,
  SCHEMAS,
  SERVICE_PROVIDER_CONFIG,
} from './schemas.ts'
