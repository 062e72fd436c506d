import { useTranslate } from '../../i18n/use-translate.tsx'
import { MenuChoice, MenuHeading } from '../../ui/menu.tsx'
import { type ListSection, filteredBy } from '../inbox/index.ts'

const CHOICES = ['warning', 'overdue'] as const

/** Only what warns, or what is overdue, by the clocks that run now. */
export const dueFilter: ListSection = {
  Choices: ({ way, onChoose }) => {
    const t = useTranslate()
    const chosen = way.filters['due']
    return (
      <>
        <MenuHeading>{t('listWay.only')}</MenuHeading>
        <MenuChoice
          checked={chosen === undefined}
          onSelect={() => onChoose(filteredBy(way, 'due', null))}
        >
          {t('listOnly.all')}
        </MenuChoice>
        {CHOICES.map((choice) => (
          <MenuChoice
            key={choice}
            checked={chosen === choice}
            onSelect={() => onChoose(filteredBy(way, 'due', choice))}
          >
            {t(`listOnly.${choice}`)}
          </MenuChoice>
        ))}
      </>
    )
  },
  filter: {
    operator: 'due',
    useWords: (value) => {
      const t = useTranslate()
      return value === 'overdue'
        ? { shown: t('listOnly.overdue'), empty: t('empty.overdue') }
        : { shown: t('listOnly.warning'), empty: t('empty.due') }
    },
  },
}
