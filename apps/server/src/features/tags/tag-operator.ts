import { foldWord } from '@parley/domain'

import { fragment, sql } from '../../platform/sql.ts'
import { type Operator } from '../../platform/search-operator.ts'

/**
 * `tag:refund`: conversations with the tag of this name; where no name is so, with any whose name begins so. Neither
 * case nor accents count. A name that nobody has finds nothing and is no mistake.
 */
export const tagOperator: Operator = async (value, { db }) => {
  const wanted = foldWord(value.trim())
  if (wanted === '') return null
  const tags = await db.many<{ id: string; name: string }>(sql`SELECT id, name FROM tags`)
  const all = tags.map(({ id, name }) => ({ id, name: foldWord(name) }))
  const exact = all.filter(({ name }) => name === wanted)
  const found = exact.length > 0 ? exact : all.filter(({ name }) => name.startsWith(wanted))
  return fragment`EXISTS (
    SELECT FROM conversation_tags x
    WHERE x.conversation_id = c.id AND x.tag_id = ANY(${found.map(({ id }) => id)}::uuid[]))`
}
