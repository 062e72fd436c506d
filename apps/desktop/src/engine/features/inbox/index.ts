import { type EngineFeature } from '../../feature.ts'
import { countInbox } from './count-inbox.ts'
import { keepRows } from './keep-rows.ts'
import { listInbox } from './list-inbox.ts'

export { readInboxRow } from './inbox-row.ts'
export { QUEUED } from './selections.ts'

/** Lists of conversations. */
export const inbox = {
  name: 'inbox',
  settle: keepRows,
  handlers: (engine) => ({
    'inbox.list': ({ view, limit, filter, order }) =>
      listInbox(engine.cache, view, limit, { filter, order, nowMs: engine.serverNowMs() }),
    'inbox.counts': () => countInbox(engine.cache, engine.serverNowMs()),
  }),
} satisfies EngineFeature
