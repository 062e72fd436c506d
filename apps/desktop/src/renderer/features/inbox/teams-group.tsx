import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { TeamMark } from '../../ui/avatar.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import { type PaletteGroup } from '../palette/index.ts'
import { goToView } from './list-state.ts'

const MOST = 6

/** Teams whose lists one can go to. */
export const teamsGroup: PaletteGroup = {
  useFound: (wanted) => {
    const t = useTranslate()
    const { teams } = useDirectory()
    const needle = foldText(wanted.trim())
    const found =
      needle === ''
        ? []
        : [...teams.values()].filter(({ name }) => foldText(name).includes(needle)).slice(0, MOST)
    return {
      heading: t('palette.teams'),
      items: found.map(({ id, name }) => ({
        value: `team ${id}`,
        icon: <TeamMark id={id} name={name} />,
        label: <MarkedText text={name} wanted={wanted} />,
        run: () => goToView({ kind: 'team', teamId: id }),
      })),
    }
  },
}
