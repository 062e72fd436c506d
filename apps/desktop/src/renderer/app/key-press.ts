/** What a keyboard event tells of a key. */
export interface KeyPress {
  key: string
  /** Where the key lies, as on a US keyboard. */
  code?: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}
