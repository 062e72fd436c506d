import { z } from 'zod'

import { engineMethods, takes } from '../method.ts'
import { id } from '../primitives.ts'

export interface CannedResponseView {
  id: string
  shortcut: string
  title: string
  content: string
  language: string | null
  teamId: string | null
}

export const cannedResponseMethods = engineMethods({
  'cannedResponses.list': takes(z.object({ teamId: id.nullable() })).shows<CannedResponseView[]>(),
})
