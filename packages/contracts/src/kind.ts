import { z } from 'zod'

/** What every row that travels has: who it is, and a version that rises with each of its changes. */
interface SyncedRow {
  id: string
  version: number
}

/**
 * A kind of row that travels from the server to workstations. Declared once, here; the server's feature says how
 * it is loaded and who sees it, the engine's how it is kept.
 */
export interface SyncedKind<Name extends string = string, Row extends z.ZodType = z.ZodType> {
  /** Its name in the feed, singular. */
  readonly kind: Name
  readonly row: Row
}

export function syncedKind<const Name extends string, Row extends z.ZodType<SyncedRow>>(
  kind: Name,
  row: Row,
): SyncedKind<Name, Row> {
  return { kind, row }
}

/** Rises with every change of the row; a cache takes only higher ones. */
export const version = z.int().positive()

/** What a table keeps as JSON and nobody outside its feature looks into. */
export const json = z.record(z.string(), z.unknown())
