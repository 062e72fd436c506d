/**
 * What the engine tells main, for the operating system to tell the person or for the desktop to show. Features add
 * theirs by declaration merging, and tell them when they listen.
 */
export interface Notices {}

export type NoticeKind = keyof Notices
export type Notice<Kind extends NoticeKind = NoticeKind> = {
  [Of in Kind]: { kind: Of } & Notices[Of]
}[Kind]
