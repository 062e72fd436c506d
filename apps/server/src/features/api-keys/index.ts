import { apiKeyProcedures } from './api-keys.router.ts'

export { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-keys.ts'
export { apiKeyJobs } from './ending-keys.ts'
export {
  createKeyAuthentication,
  type KeyAuthentication,
  type KeyHolder,
} from './authentication.ts'

export const procedures = { apiKeys: apiKeyProcedures }
