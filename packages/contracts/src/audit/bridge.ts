import { engineMethods, takes } from '../method.ts'
import {
  auditInput,
  beginExportInput,
  exportPageInput,
  type AuditOutput,
  type ExportPageOutput,
} from './api.ts'

/** All fail with `server_unreachable` without the server. */
export const auditMethods = engineMethods({
  'audit.find': takes(auditInput).gives<AuditOutput>(),
  'audit.beginExport': takes(beginExportInput).gives<null>(),
  'audit.exportPage': takes(exportPageInput).gives<ExportPageOutput>(),
})
