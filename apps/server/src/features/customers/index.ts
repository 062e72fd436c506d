import { customerKind } from './customers.rows.ts'

export const kinds = [customerKind]
