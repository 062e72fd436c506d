import { type EngineFeature } from '../../feature.ts'
import { keepRows } from './keep-rows.ts'
import { listAndCount } from './reaching-lists.ts'

export { readInboxRow } from './inbox-row.ts'
export { QUEUED } from './selections.ts'

/** Lists of conversations. */
export const inbox = {
  name: 'inbox',
  settle: keepRows,
  handlers: (engine) => {
    const { list, counts } = listAndCount(engine)
    return { 'inbox.list': list, 'inbox.counts': counts }
  },
} satisfies EngineFeature
