import { v7 } from 'uuid'

/**
 * Of what a workstation makes itself: an intent, a tag, the device. It begins with the time, and knows nothing of the ids
 * before it: whatever has an order has it written down.
 */
export const newId = (): string => v7({})
