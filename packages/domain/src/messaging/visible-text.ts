// What takes no room or shows nothing: white space, format characters, and letters whose shape is empty (Hangul
// fillers, the blank Braille pattern). Marks without a letter before them are nothing to read either.
const INVISIBLE = /[\p{White_Space}\p{Cf}\p{Cc}\p{M}\u115F\u1160\u2800\u3164\uFFA0]/gu

/** Whether somebody who gets this text sees anything. */
export function hasVisibleText(text: string): boolean {
  return text.replace(INVISIBLE, '') !== ''
}
