import { useTranslate } from '../../i18n/use-translate.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { MenuChoice, MenuHeading } from '../../ui/menu.tsx'
import { type ListSection, filteredBy } from '../inbox/index.ts'
import { TagDot } from './tag-mark.tsx'
import { useTags } from './use-tags.ts'

/** Only what has one tag. Kept by its name, as a search says it: `tag:refund`. */
export const tagFilter: ListSection = {
  Choices: ({ way, onChoose }) => {
    const t = useTranslate()
    const { tags } = useTags()
    const chosen = way.filters['tag']
    if (tags.length === 0) return null
    return (
      <>
        <MenuHeading>{t('tags.title')}</MenuHeading>
        <MenuChoice
          checked={chosen === undefined}
          onSelect={() => onChoose(filteredBy(way, 'tag', null))}
        >
          {t('tags.any')}
        </MenuChoice>
        {tags.map(({ id, name, color }) => (
          <MenuChoice
            key={id}
            checked={chosen !== undefined && foldText(chosen) === foldText(name)}
            onSelect={() => onChoose(filteredBy(way, 'tag', name))}
          >
            <TagDot color={color} />
            {name}
          </MenuChoice>
        ))}
      </>
    )
  },
  filter: {
    operator: 'tag',
    useWords: (value) => {
      const t = useTranslate()
      return { shown: value, empty: t('tags.noneWith', { tag: value }) }
    },
  },
}
