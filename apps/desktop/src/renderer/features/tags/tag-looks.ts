import { TAG_COLORS, type TagColor } from '@parley/contracts/values'

import { type PlainWord } from '../../contributions/contributed.ts'

interface TagLook {
  color: TagColor
  name: PlainWord
}

/** In the order in which they are offered; each has its class in `tag-mark.module.css`. */
export const TAG_LOOKS: readonly TagLook[] = [
  { color: '#3B82F6', name: 'tags.color.blue' },
  { color: '#8B5CF6', name: 'tags.color.violet' },
  { color: '#22C55E', name: 'tags.color.green' },
  { color: '#F97316', name: 'tags.color.orange' },
  { color: '#EC4899', name: 'tags.color.pink' },
  { color: '#64748B', name: 'tags.color.grey' },
]

/** A colour that is none of ours, as an import may have brought, is grey. */
export function knownColor(color: string): TagColor {
  return TAG_COLORS.find((known) => known === color.toUpperCase()) ?? '#64748B'
}

/** Given in turns, so that new tags can be told apart. */
export function nextColor(count: number): TagColor {
  return TAG_COLORS[count % TAG_COLORS.length] ?? '#64748B'
}
