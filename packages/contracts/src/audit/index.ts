export * from './api.ts'
export * from './rows.ts'
