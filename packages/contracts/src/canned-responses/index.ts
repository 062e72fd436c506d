export * from './bridge.ts'
export * from './rows.ts'
