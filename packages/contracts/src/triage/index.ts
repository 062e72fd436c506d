export * from './api.ts'
export * from './bridge.ts'
export * from './decision.ts'
export * from './rules.ts'
