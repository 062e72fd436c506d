/**
 * What the workstation's window needs of the contracts besides their types: plain values, and what puts them together. Nothing is checked in the window,
 * the engine does that; so what checks (zod, and every shape made with it) need not be loaded before the first paint.
 */
export * from './bridge/patch.ts'
export * from './bridge/spelling-languages.ts'
export * from './sla/violation-types.ts'
export * from './tags/colors.ts'
