import { engineMethods, takes } from '../method.ts'
import { auditInput, type AuditOutput } from './api.ts'

export const auditMethods = engineMethods({
  /** Fails with `server_unreachable` without the server. */
  'audit.find': takes(auditInput).gives<AuditOutput>(),
})
