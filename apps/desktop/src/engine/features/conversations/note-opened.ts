import { type Cache } from '../../store/cache.ts'

/** What was used more recently than this is not written down again. */
const NOTED_MS = 10 * 60_000

/** So that its thread is not the first to go when there is too much. Of no use where it cannot be written. */
export function noteOpened({ store }: Cache, conversationId: string): void {
  const nowMs = Date.now()
  const isNoted = store.value(
    'SELECT 1 FROM conversations WHERE id = ? AND used_at > ?',
    conversationId,
    new Date(nowMs - NOTED_MS).toISOString(),
  )
  if (isNoted !== null) return
  store.write(() =>
    store.run(
      'UPDATE conversations SET used_at = ? WHERE id = ?',
      new Date(nowMs).toISOString(),
      conversationId,
    ),
  )
}
