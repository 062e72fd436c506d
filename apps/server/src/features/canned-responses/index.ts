import { cannedResponseKind } from './canned-responses.rows.ts'

export const kinds = [cannedResponseKind]
