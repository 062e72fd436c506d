export interface Limits {
  /** Milliseconds. */
  silenceMs: number
  /** Bytes of an answer, unpacked. */
  mostBytes: number
}

const LIMITS: Limits = {
  silenceMs: 15_000,
  // No answer of ours is nearly as large: whoever sends more is no server of ours, or lies about what it packed.
  mostBytes: 64 * 1024 * 1024,
}

/**
 * `fetch` that is given up when nothing of the answer has come for a while, and not while it is still coming: over a
 * slow line a page of a load takes longer than anybody waits for silence.
 * @throws whatever `fetch` or reading the answer throws, `TimeoutError` among it, and RangeError for too large an answer
 */
export async function fetchPatiently(
  input: string,
  init: RequestInit,
  signal: AbortSignal,
  { silenceMs, mostBytes }: Limits = LIMITS,
): Promise<Response> {
  const silence = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const alive = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      silence.abort(new DOMException(`nothing came for ${silenceMs} ms`, 'TimeoutError'))
    }, silenceMs)
  }
  alive()
  try {
    const response = await fetch(input, {
      ...init,
      // What was said to one server, a password among it, is said to no other.
      redirect: 'error',
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (response.body === null) {
      clearTimeout(timer)
      return response
    }
    alive()
    let bytes = 0
    const watched = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          alive()
          bytes += chunk.byteLength
          if (bytes > mostBytes) throw new RangeError(`an answer of more than ${mostBytes} bytes`)
          controller.enqueue(chunk)
        },
        flush: () => clearTimeout(timer),
      }),
      { signal: silence.signal },
    )
    const { status, statusText, headers } = response
    return new Response(watched, { status, statusText, headers })
  } catch (error) {
    clearTimeout(timer)
    throw error
  }
}
