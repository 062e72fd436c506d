import { EventEmitter } from 'node:events'

/** What windows tell `app`, which turns it into its own events. */
export const lifecycle = new EventEmitter()
