import { createApiKeyInput, revokeApiKeyInput, rotateApiKeyInput } from '@parley/contracts'

import { done, procedure } from '../../platform/procedure.ts'
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-keys.ts'

export const apiKeyProcedures = {
  list: procedure('security.manage').query(({ ctx }) => listApiKeys(ctx.services.db)),

  create: procedure('security.manage')
    .input(createApiKeyInput)
    .mutation(({ ctx, input }) => createApiKey(ctx.services, ctx.by, input)),

  rotate: procedure('security.manage')
    .input(rotateApiKeyInput)
    .mutation(({ ctx, input }) => rotateApiKey(ctx.services, ctx.by, input)),

  revoke: procedure('security.manage')
    .input(revokeApiKeyInput)
    .mutation(({ ctx, input }) => done(revokeApiKey(ctx.services, ctx.by, input.keyId))),
}
