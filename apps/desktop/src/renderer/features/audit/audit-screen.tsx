import type { AuditFilter } from '@parley/contracts'
import { ScrollText } from 'lucide-react'
import { useDeferredValue, useState } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useServerPages } from '../../bridge/use-server-pages.ts'
import { exactMoment } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { BelowRows, ChoiceRow, ChoiceTable } from '../../ui/choice-table.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Panel } from '../../ui/form/panel.tsx'
import { Screen } from '../../ui/screen.tsx'
import { ListTools, ListWithPane } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { AuditTools } from './audit-tools.tsx'
import styles from './audit.module.css'
import { actorName, type Entry, EntryPane, Moment } from './entry-pane.tsx'
import { actionWords } from './entry-words.ts'
import { ExportButton } from './export-button.tsx'
import { askedBy, NO_FILTER, type ShownFilter } from './shown-filter.ts'

const PAGE = 100

/** Every administrative change and every security event, the newest first. Nobody can change it. */
export function AuditScreen({ filter: shown }: { filter: Partial<ShownFilter> | null }) {
  const t = useTranslate()
  const showScreen = useViewState((state) => state.showScreen)
  const [chosen, setChosen] = useState<number | null>(null)
  const filter = { ...NO_FILTER, ...shown }
  const settled = { ...NO_FILTER, ...useDeferredValue(shown) }
  const asked = askedBy(settled, (action) => actionWords(action, t))
  const found = useEntries(asked)
  const entry = found.value?.find(({ seq }) => seq === chosen)
  const narrow = (change: Partial<ShownFilter>) =>
    showScreen({ kind: 'audit', filter: { ...filter, ...change } })
  return (
    <Screen title={t('audit.title')}>
      <Panel>
        <ListTools>
          <AuditTools filter={filter} onChange={narrow} />
          <span className={text.grow} />
          <ExportButton filter={asked} />
        </ListTools>
        <ListWithPane
          list={
            <WhenRead read={found} failed={t('audit.failed')}>
              {(entries) => (
                <>
                  {entries.length > 0 && (
                    <EntryTable entries={entries} chosen={chosen} onChoose={setChosen} />
                  )}
                  {entries.length === 0 && found.readMore === null && (
                    <Blank icon={ScrollText} title={t('audit.none')} />
                  )}
                  <Further found={found} isEmpty={entries.length === 0} />
                </>
              )}
            </WhenRead>
          }
        >
          {entry && <EntryPane entry={entry} onNarrow={narrow} onClose={() => setChosen(null)} />}
        </ListWithPane>
      </Panel>
    </Screen>
  )
}

function useEntries(wanted: AuditFilter) {
  const { pages, ...read } = useServerPages(
    'audit.find',
    (before: number | null) => ({ ...wanted, before, limit: PAGE }),
    ({ next }) => next,
  )
  return {
    ...read,
    value: pages?.flatMap(({ entries }) => entries),
    lookedBackTo: pages?.at(-1)?.lookedBackTo ?? null,
  }
}

/** A way further back; where it was looked long and nothing was found, how far. */
function Further({
  found: { readMore, lookedBackTo },
  isEmpty,
}: {
  found: Pick<ReturnType<typeof useEntries>, 'readMore' | 'lookedBackTo'>
  isEmpty: boolean
}) {
  const t = useTranslate()
  const now = useNow('minute')
  if (readMore === null) return null
  const at = lookedBackTo && exactMoment(Date.parse(lookedBackTo), now, t.language)
  return (
    <BelowRows>
      <Button look="line" onClick={() => void readMore()}>
        {t('audit.older')}
      </Button>
      {at !== null && (
        <span className={text.meta} role="status">
          {t(isEmpty ? 'audit.noneSince' : 'audit.lookedBackTo', { at })}
        </span>
      )}
    </BelowRows>
  )
}

function EntryTable({
  entries,
  chosen,
  onChoose,
}: {
  entries: readonly Entry[]
  chosen: number | null
  onChoose: (seq: number) => void
}) {
  const t = useTranslate()
  return (
    <ChoiceTable
      heads={[
        t('audit.when'),
        t('audit.actor'),
        t('audit.what'),
        t('audit.about'),
        t('audit.from'),
      ]}
      first={styles.first}
    >
      {entries.map((entry) => (
        <ChoiceRow
          key={entry.seq}
          id={entry.seq}
          label={
            <span className={text.digits}>
              <Moment at={entry.at} />
            </span>
          }
          isChosen={entry.seq === chosen}
          onChoose={() => onChoose(entry.seq)}
        >
          <td className={text.cut}>{actorName(entry, t)}</td>
          <td>{actionWords(entry.action, t)}</td>
          <td className={text.cut}>{entry.targetName ?? ''}</td>
          <td className={classNames(text.meta, text.cut)}>{entry.address ?? ''}</td>
        </ChoiceRow>
      ))}
    </ChoiceTable>
  )
}
