import { searchInput, type SearchAnswer } from '@parley/contracts'

import { procedure } from '../../platform/procedure.ts'
import { search } from './search.ts'

export const searchProcedures = {
  query: procedure('conversation.see')
    .input(searchInput)
    .query(({ ctx: { services, features, actor }, input }): Promise<SearchAnswer> =>
      search(services, features.feed, actor, input.text, input.limit),
    ),
}
