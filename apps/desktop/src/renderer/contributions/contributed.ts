/**
 * What the features bring, in types: their words, commands, screens. Empty here: each adds its own part by
 * declaration merging (its `index.ts`), so that nothing which everybody uses names any of them.
 */
export interface Contributed {}

export type Words = All<'words'>
/** A word without a place to be filled. */
export type PlainWord = {
  [Id in keyof Words]: Words[Id] extends `${string}{${string}` ? never : Id
}[keyof Words]
export type CommandId = keyof All<'commands'>

export type ReadMethod = keyof All<'reads'>

/** What may stand beside the rail, with what each is told. */
export type Screens = All<'screens'>
export type Screen = OneOf<Screens>

/** What may lie over the workspace, with what each is told. */
export type Dialogs = All<'dialogs'>
export type OpenDialog = OneOf<Dialogs>

/** What may lie over it and leave it in use. */
export type Sheet = keyof All<'sheets'>

/** Places where features are drawn by others, with what is said to each. */
export type Slots = All<'slots'>

/** What all of them bring under a name, as one type. */
export type All<Name extends string> = Joined<
  { [Feature in keyof Contributed]: Part<Contributed[Feature], Name> }[keyof Contributed]
>
type Part<Feature, Name extends string> = Name extends keyof Feature ? Feature[Name] : never
type Joined<Parts> = (Parts extends unknown ? (part: Parts) => void : never) extends (
  whole: infer Whole,
) => void
  ? Whole
  : never

type OneOf<Kinds> = { [Kind in keyof Kinds]: { kind: Kind } & Kinds[Kind] }[keyof Kinds]
