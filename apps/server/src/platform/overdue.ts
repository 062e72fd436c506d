/** Work that was given up for taking too long. It may still be done one day; nobody waits for it any more. */
export class Overdue extends Error {
  override name = 'Overdue'

  constructor(what: string, limitMs: number) {
    super(`${what} did not end within ${limitMs} ms`)
  }
}

/**
 * What the work comes to, if it ends in time. Its failure after that is nobody's.
 * @throws Overdue
 */
export async function within<Result>(
  limitMs: number,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Overdue(what, limitMs)), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
