const LONGEST = 80

/** A name is the customer's own choice: whatever it holds, it stays one short line. */
export function oneLine(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`
}
