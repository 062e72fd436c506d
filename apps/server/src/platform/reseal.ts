import { type Services } from './services.ts'

/** What one of the configured keys has sealed, and its name beside it. */
export interface Sealed {
  sealed: Buffer
  key_id: string
}

export interface Resealed {
  /** With the first key now. */
  resealed: number
  /** With a key that is not configured: as they were. */
  unreadable: number
}

/**
 * Seals with the first key what another one has sealed.
 * @param rows those of other keys
 * @param write where the row is still as it was read; the number of rows that were
 */
export async function reseal<Row extends Sealed>(
  { secrets }: Pick<Services, 'secrets'>,
  rows: readonly Row[],
  write: (row: Row, sealed: Buffer) => Promise<number>,
): Promise<Resealed> {
  const readable = rows.filter(({ key_id }) => secrets.has(key_id))
  let resealed = 0
  for (const row of readable) {
    resealed += await write(row, secrets.encrypt(secrets.decrypt(row.sealed, row.key_id)))
  }
  return { resealed, unreadable: rows.length - readable.length }
}
