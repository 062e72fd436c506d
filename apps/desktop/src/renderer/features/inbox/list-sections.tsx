import { type ReactNode } from 'react'

import { type Ordered } from '../../contributions/contribution.ts'
import { derived, inOrder } from '../../contributions/registry.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { MenuChoice, MenuHeading } from '../../ui/menu.tsx'
import { type ListWay, filteredBy } from './list-state.ts'

/** A part of the list's menu: choices that set some of the way in which it is shown. */
export interface ListSection extends Ordered {
  Choices: (props: ChoicesProps) => ReactNode
  /** The search operator that its choices set, with what it says of a value. */
  filter?: { operator: string; useWords: (value: string) => FilterWords }
}

interface ChoicesProps {
  way: ListWay
  onChoose: (way: ListWay) => void
}

interface FilterWords {
  /** On the menu's button. */
  shown: string
  /** Where nothing is left. */
  empty: string
}

interface ListFilter extends FilterWords {
  /** The way without it. */
  cleared: ListWay
}

export const listSections = derived((contributions) =>
  inOrder(contributions.flatMap((one) => one.listSections ?? [])),
)

/** What is left out of the list; null: it is whole. Where several leave out, the first can be taken back first. */
export function useFilterOf(way: ListWay): ListFilter | null {
  // Sections are the same ones each time, so hooks stay in their order.
  const found = listSections().flatMap(({ filter }) => {
    if (filter === undefined) return []
    const value = way.filters[filter.operator]
    const words = filter.useWords(value ?? '')
    return value === undefined ? [] : [{ ...words, operator: filter.operator }]
  })
  const [first] = found
  if (first === undefined) return null
  return {
    shown: found.map(({ shown }) => shown).join(', '),
    empty: first.empty,
    cleared: filteredBy(way, first.operator, null),
  }
}

const ORDERS = ['queue', 'due'] as const satisfies readonly ListWay['order'][]

/** What is shown comes before in which order. */
export const orderSection: ListSection = {
  order: 1,
  Choices: ({ way, onChoose }) => {
    const t = useTranslate()
    return (
      <>
        <MenuHeading>{t('listWay.order')}</MenuHeading>
        {ORDERS.map((order) => (
          <MenuChoice
            key={order}
            checked={way.order === order}
            onSelect={() => onChoose({ ...way, order })}
          >
            {t(`listOrder.${order}`)}
          </MenuChoice>
        ))}
      </>
    )
  },
}

/** The other order; what is shown stays. */
export function turned(way: ListWay): ListWay {
  return { ...way, order: way.order === 'due' ? 'queue' : 'due' }
}
