import { MOST_READ_MARKS } from '@parley/contracts'

import { type Listener, type ListeningPost } from '../../feature.ts'
import { Refusal } from '../../session/server-client.ts'
import { type Applied } from '../../store/applied.ts'
import { CacheTrouble } from '../../store/cache-trouble.ts'
import { settleMarks, waitingMarks } from './kept-read-marks.ts'
import { markedHere } from './mark.ts'

/** What is read within this time goes together. */
const GATHERED_MS = 1000
/** After failures, up to this: a server of before this version has no ear for it, and it may stay that way for days. */
const LONGEST_PAUSE_MS = 5 * 60_000
/** Somebody who leaves does not wait longer for it. */
const LAST_WORD_MS = 3000

/**
 * Tells the server what was read here. The cache keeps what waits, over restarts and for as long as there is no line;
 * the marks themselves say which stands, so nothing comes too late and repeating is harmless.
 */
export class MarkSender implements Listener {
  readonly #post: Pick<ListeningPost, 'cache' | 'take'>
  #isLive = false
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | null = null
  /** By the monotonic clock. */
  #nextAtMs = 0

  constructor(post: Pick<ListeningPost, 'cache' | 'take'>) {
    this.#post = post
  }

  live(): void {
    this.#isLive = true
    this.#failures = 0
    this.#nextAtMs = 0
    this.#wake()
  }

  lineLost(): void {
    this.#isLive = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  applied({ news }: Applied): void {
    if (news.of(markedHere).length > 0) this.#wake()
  }

  async leaving(): Promise<void> {
    if (!this.#isLive) return
    clearTimeout(this.#timer)
    const { promise: tooLong, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, LAST_WORD_MS)
    await Promise.race([this.#sendRest(), tooLong])
    clearTimeout(timer)
  }

  async #sendRest(): Promise<void> {
    await this.#sending
    await this.#begin()
  }

  #wake(): void {
    if (!this.#isLive || this.#sending !== null || this.#timer !== undefined) return
    const waitMs = Math.max(0, Math.ceil(this.#nextAtMs - performance.now()))
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#begin()
    }, waitMs)
  }

  /** One at a time. What comes while it is under way goes with the next one. */
  #begin(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null
      if (this.#mayHaveMore) this.#wake()
    })
    return this.#sending
  }

  #mayHaveMore = false

  async #send(): Promise<void> {
    this.#mayHaveMore = true
    try {
      const { cache } = this.#post
      const sent = waitingMarks(cache, MOST_READ_MARKS)
      this.#mayHaveMore = sent.length > 0
      if (sent.length === 0) return
      const { marks } = await this.#post.take(
        (trpc) => trpc.reads.mark.mutate({ marks: sent }),
        (answer) => answer.marks.map((row) => ({ op: 'put', kind: 'read_mark', row })),
      )
      settleMarks(cache, sent, marks)
      this.#failures = 0
      this.#nextAtMs = performance.now() + GATHERED_MS
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof CacheTrouble)) throw error
      const pauseMs = Math.min(LONGEST_PAUSE_MS, GATHERED_MS * 2 ** Math.min(this.#failures, 10))
      this.#failures += 1
      // Never in step with everybody else's.
      this.#nextAtMs = performance.now() + pauseMs * (0.5 + Math.random() / 2)
    }
  }
}
