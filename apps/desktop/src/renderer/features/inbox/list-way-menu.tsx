import type { InboxView } from '@parley/contracts'
import { ArrowDownUp } from 'lucide-react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { listSections, useFilterOf } from './list-sections.tsx'
import { type ListWay, askedFor, setListWay } from './list-state.ts'

/** Which conversations of the list are shown, and in which order. Its words say what is so now. */
export function ListWayMenu({ view, way }: { view: InboxView; way: ListWay }) {
  const t = useTranslate()
  const filter = useFilterOf(way)
  return (
    <Menu
      label={t('listWay.menu')}
      trigger={
        <Button
          size="small"
          look="quiet"
          aria-pressed={filter !== null}
          title={t('listWay.menu')}
          data-list-filter={askedFor(way).filter}
          data-list-order={way.order}
        >
          <Icon of={ArrowDownUp} size={14} />
          {filter ? filter.shown : t(`listOrderShort.${way.order}`)}
        </Button>
      }
    >
      {listSections().map(({ Choices }, index) => (
        <Choices key={index} way={way} onChoose={(next) => setListWay(view, next)} />
      ))}
    </Menu>
  )
}
