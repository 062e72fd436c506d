// Output of steps that run side by side: each one's whole, in the order in which they began.

/**
 * The first of those that run writes at once. What the others have to say waits until it is their turn: when all
 * that began before them have ended.
 * @param {(text: string) => void} write
 */
export function createTurns(write) {
  /** @type {{ waiting: string, hasEnded: boolean }[]} */
  const speakers = []

  function pass() {
    while (speakers.length > 0) {
      write(speakers[0].waiting)
      speakers[0].waiting = ''
      if (!speakers[0].hasEnded) return
      speakers.shift()
    }
  }

  /** Begins: the next in turn. */
  return function begin() {
    const speaker = { waiting: '', hasEnded: false }
    speakers.push(speaker)
    return {
      /** @param {string} text */
      print(text) {
        if (speaker === speakers[0]) write(text)
        else speaker.waiting += text
      },
      end() {
        speaker.hasEnded = true
        pass()
      },
    }
  }
}
