export * from './api.ts'
export * from './bridge.ts'
export * from './rows.ts'
