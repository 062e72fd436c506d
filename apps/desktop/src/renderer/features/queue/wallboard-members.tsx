import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { SectionHead } from '../../ui/section-head.tsx'
import { onlineWords } from '../handover/index.ts'
import { byLoad } from './by-load.ts'
import { MemberList } from './members.tsx'

interface MembersProps {
  teamIds: readonly string[]
  onChanged: () => void
}

/** The people of the teams on the wallboard. */
export function WallboardMembers({ teamIds, onChanged }: MembersProps) {
  const t = useTranslate()
  const { people } = useDirectory()
  const shown = byLoad(
    [...people.values()].filter(
      (person) => person.isActive && person.teamIds.some((id) => teamIds.includes(id)),
    ),
  )
  return (
    <section aria-label={t('members.title')}>
      <SectionHead
        title={t('members.title')}
        count={onlineWords(shown, t)}
        hint={t('wallboard.byLoad')}
      />
      <MemberList people={shown} counted={undefined} onChanged={onChanged} />
    </section>
  )
}
