export * from './api.ts'
export * from './bridge.ts'
