/**
 * The colours there are, as they are stored. What is drawn for each is the theme's own pair of ground and ink, which
 * can be read in both (WCAG AA).
 */
export const TAG_COLORS = [
  '#3B82F6',
  '#8B5CF6',
  '#22C55E',
  '#F97316',
  '#EC4899',
  '#64748B',
] as const
export type TagColor = (typeof TAG_COLORS)[number]
