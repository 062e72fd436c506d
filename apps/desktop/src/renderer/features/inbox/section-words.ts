import type { InboxSection, InboxView } from '@parley/contracts'

import type { Directory } from '../../bridge/views.ts'
import { type Translate } from '../../i18n/translate.ts'

export function sectionTitle(
  section: Pick<InboxSection, 'key' | 'teamId'>,
  t: Translate,
  { teams }: Directory,
): string {
  const team = section.teamId === null ? undefined : teams.get(section.teamId)?.name
  if (section.key === 'queue' && team !== undefined) return t('section.queueOf', { team })
  return t(`section.${section.key}`)
}

export function viewTitle(view: InboxView, t: Translate, { teams }: Directory): string {
  if (view.kind === 'team') return teams.get(view.teamId)?.name ?? t('view.team')
  return t(`view.${view.kind}`)
}
