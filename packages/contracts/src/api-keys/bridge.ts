import { engineMethods, takes, takesNothing } from '../method.ts'
import {
  createApiKeyInput,
  revokeApiKeyInput,
  rotateApiKeyInput,
  type ApiKeySummary,
  type CreatedApiKey,
} from './api.ts'

/** These ask the server and fail with `server_unreachable` without it. */
export const apiKeyMethods = engineMethods({
  'apiKeys.list': takesNothing.gives<ApiKeySummary[]>(),
  'apiKeys.create': takes(createApiKeyInput).gives<CreatedApiKey>(),
  'apiKeys.rotate': takes(rotateApiKeyInput).gives<CreatedApiKey>(),
  'apiKeys.revoke': takes(revokeApiKeyInput).gives<null>(),
})
