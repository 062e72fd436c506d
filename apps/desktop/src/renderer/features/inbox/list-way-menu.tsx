import type { InboxView } from '@parley/contracts'
import { ArrowDownUp } from 'lucide-react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuChoice, MenuHeading } from '../../ui/menu.tsx'
import { type ListWay, setListWay } from './list-state.ts'
import { isFiltered } from './list-way.ts'

const ONLY = ['all', 'warning', 'overdue'] as const satisfies readonly ListWay['only'][]
const ORDERS = ['queue', 'due'] as const satisfies readonly ListWay['order'][]

/** Which conversations of the list are shown, and in which order. Its words say what is so now. */
export function ListWayMenu({ view, way }: { view: InboxView; way: ListWay }) {
  const t = useTranslate()
  const shown = isFiltered(way) ? t(`listOnly.${way.only}`) : t(`listOrderShort.${way.order}`)
  return (
    <Menu
      label={t('listWay.menu')}
      trigger={
        <Button
          size="small"
          look="quiet"
          aria-pressed={isFiltered(way)}
          title={t('listWay.menu')}
          data-list-only={way.only}
          data-list-order={way.order}
        >
          <Icon of={ArrowDownUp} size={14} />
          {shown}
        </Button>
      }
    >
      <MenuHeading>{t('listWay.only')}</MenuHeading>
      {ONLY.map((only) => (
        <MenuChoice
          key={only}
          checked={way.only === only}
          onSelect={() => setListWay(view, { ...way, only })}
        >
          {t(`listOnly.${only}`)}
        </MenuChoice>
      ))}
      <MenuHeading>{t('listWay.order')}</MenuHeading>
      {ORDERS.map((order) => (
        <MenuChoice
          key={order}
          checked={way.order === order}
          onSelect={() => setListWay(view, { ...way, order })}
        >
          {t(`listOrder.${order}`)}
        </MenuChoice>
      ))}
    </Menu>
  )
}
