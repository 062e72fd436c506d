import { foldWord } from '@parley/domain'

import { type Operator } from '../../feature.ts'
import { tagsOf } from './kept-tags.ts'

/**
 * `tag:refund`: conversations with the tag of this name, as this person sees them; where no name is so, with any whose
 * name begins so. Neither case nor accents count. A name that nobody has finds nothing and is no mistake: a tag may
 * have been removed since the filter was chosen.
 */
export const tagOperator: Operator = (value, { cache }) => {
  const wanted = foldWord(value.trim())
  if (wanted === '') return null
  const all = tagsOf(cache).map(({ id, name }) => ({ id, name: foldWord(name) }))
  const exact = all.filter(({ name }) => name === wanted)
  const found = exact.length > 0 ? exact : all.filter(({ name }) => name.startsWith(wanted))
  const parameters = [JSON.stringify(found.map(({ id }) => id))]
  return {
    sql: `EXISTS (SELECT 1 FROM shown_tags s WHERE s.conversation_id = c.id
      AND s.tag_id IN (SELECT value FROM json_each(?)))`,
    parameters,
    among: {
      sql: 'SELECT s.conversation_id AS id FROM shown_tags s WHERE s.tag_id IN (SELECT value FROM json_each(?))',
      parameters,
    },
  }
}
