/**
 * What the features bring, in types: their words, commands, screens. Empty here: each adds its own part by
 * declaration merging (its `index.ts`), so that nothing which everybody uses names any of them.
 */
export interface Contributed {}

/** What all of them bring under a name, as one type. */
type All<Name extends string> = Joined<
  { [Feature in keyof Contributed]: Part<Contributed[Feature], Name> }[keyof Contributed]
>
type Part<Feature, Name extends string> = Name extends keyof Feature ? Feature[Name] : never
type Joined<Parts> = (Parts extends unknown ? (part: Parts) => void : never) extends (
  whole: infer Whole,
) => void
  ? Whole
  : never

export type Words = All<'words'>
export type CommandId = keyof All<'commands'>
