import { type ReactNode } from 'react'

import { derived } from '../../contributions/registry.ts'
import { type MessageId } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { MenuChoice, MenuHeading } from '../../ui/menu.tsx'
import { type ListWay } from './list-state.ts'

/** A part of the list's menu: choices that set some of the way in which it is shown. */
export interface ListSection {
  Choices: (props: ChoicesProps) => ReactNode
  /** What the way leaves out by these choices; null: nothing. */
  filter?: (way: ListWay) => ListFilter | null
}

interface ChoicesProps {
  way: ListWay
  onChoose: (way: ListWay) => void
}

interface ListFilter {
  /** On the menu's button. */
  shown: MessageId
  /** Where nothing is left. */
  empty: MessageId
  /** Without it. */
  cleared: ListWay
}

export const listSections = derived((contributions) =>
  contributions.flatMap((one) => one.listSections ?? []),
)

/** The first thing that is left out of the list; null: it is whole. */
export function filterOf(way: ListWay): ListFilter | null {
  for (const { filter } of listSections()) {
    const found = filter?.(way) ?? null
    if (found !== null) return found
  }
  return null
}

const ONLY = ['all', 'warning', 'overdue'] as const satisfies readonly ListWay['only'][]
const ORDERS = ['queue', 'due'] as const satisfies readonly ListWay['order'][]

export const dueSection: ListSection = {
  Choices: ({ way, onChoose }) => {
    const t = useTranslate()
    return (
      <>
        <MenuHeading>{t('listWay.only')}</MenuHeading>
        {ONLY.map((only) => (
          <MenuChoice
            key={only}
            checked={way.only === only}
            onSelect={() => onChoose({ ...way, only })}
          >
            {t(`listOnly.${only}`)}
          </MenuChoice>
        ))}
      </>
    )
  },
  filter: (way) =>
    way.only === 'all'
      ? null
      : {
          shown: `listOnly.${way.only}`,
          empty: way.only === 'overdue' ? 'empty.overdue' : 'empty.due',
          cleared: { ...way, only: 'all' },
        },
}

export const orderSection: ListSection = {
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
