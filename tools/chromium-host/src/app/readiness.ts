/** Whether `ready` was reached. Kept apart from `app`, whose own isReady a test runner replaces. */
let ready = false
const { promise, resolve } = Promise.withResolvers<void>()

export const isReady = (): boolean => ready
export const whenReady = (): Promise<void> => promise

export function becomeReady(): void {
  ready = true
  resolve()
}
