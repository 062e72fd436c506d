export * from './bridge.ts'
export * from './intents.ts'
