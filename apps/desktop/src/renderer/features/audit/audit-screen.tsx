import type { AuditInput, AuditOutput } from '@parley/contracts'
import { AUDIT_ACTIONS, type AuditAction } from '@parley/domain'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'

import { useServerPages } from '../../bridge/use-server-pages.ts'
import { useDirectory } from '../../bridge/views.ts'
import { exactMoment } from '../../i18n/moments.ts'
import { type MessageId, type Translate } from '../../i18n/translate.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Select } from '../../ui/form/fields.tsx'
import { Panel } from '../../ui/form/panel.tsx'
import { Screen } from '../../ui/screen.tsx'
import { ListTools, ListWithPane, PanePart, SidePane } from '../../ui/side-pane.tsx'
import table from '../../ui/table.module.css'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import styles from './audit.module.css'

type Entry = AuditOutput['entries'][number]

const PAGE = 100
const ALL = 'all'
/** What belongs together: by what stands before the point. */
const AREAS = [...new Set(AUDIT_ACTIONS.map((action) => areaOf(action)))]

/** Every administrative change and every security event, the newest first. Nobody can change it. */
export function AuditScreen() {
  const t = useTranslate()
  const { people } = useDirectory()
  const [area, setArea] = useState(ALL)
  const [actorId, setActorId] = useState(ALL)
  const [chosen, setChosen] = useState<number | null>(null)
  const found = useEntries({
    actions: area === ALL ? [] : AUDIT_ACTIONS.filter((action) => areaOf(action) === area),
    actorId: actorId === ALL ? null : actorId,
  })
  const entry = found.value?.find(({ seq }) => seq === chosen)
  return (
    <Screen title={t('audit.title')}>
      <Panel>
        <ListTools>
          <Select
            aria-label={t('audit.area')}
            value={area}
            options={[
              { value: ALL, label: t('audit.everything') },
              ...AREAS.map((value) => ({ value, label: t(`audit.area.${value}`) })),
            ]}
            onChange={setArea}
          />
          <Select
            aria-label={t('audit.actor')}
            value={actorId}
            options={[
              { value: ALL, label: t('audit.everybody') },
              ...[...people.values()].map(({ id, fullName }) => ({ value: id, label: fullName })),
            ]}
            onChange={setActorId}
          />
        </ListTools>
        <ListWithPane
          list={
            <WhenRead read={found} failed={t('audit.failed')}>
              {(entries) =>
                entries.length === 0 ? (
                  <Blank icon={ScrollText} title={t('audit.none')} />
                ) : (
                  <>
                    <EntryTable entries={entries} chosen={chosen} onChoose={setChosen} />
                    {found.readMore && (
                      <div className={table.more}>
                        <Button look="line" onClick={() => void found.readMore?.()}>
                          {t('audit.older')}
                        </Button>
                      </div>
                    )}
                  </>
                )
              }
            </WhenRead>
          }
        >
          {entry && <EntryPane entry={entry} onClose={() => setChosen(null)} />}
        </ListWithPane>
      </Panel>
    </Screen>
  )
}

function useEntries(wanted: Pick<AuditInput, 'actions' | 'actorId'>) {
  const { pages, ...read } = useServerPages(
    'audit.find',
    (before: number | null) => ({
      ...wanted,
      before,
      limit: PAGE,
      targetId: null,
      from: null,
      to: null,
    }),
    ({ next }) => next,
  )
  return { ...read, value: pages?.flatMap(({ entries }) => entries) }
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
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col" className={styles.first}>
            {t('audit.when')}
          </th>
          <th scope="col">{t('audit.actor')}</th>
          <th scope="col">{t('audit.what')}</th>
          <th scope="col">{t('audit.about')}</th>
          <th scope="col">{t('audit.from')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr
            key={entry.seq}
            className={table.row}
            aria-current={entry.seq === chosen ? 'true' : undefined}
            data-entry={entry.seq}
          >
            <th scope="row">
              <button type="button" className={styles.when} onClick={() => onChoose(entry.seq)}>
                <Moment at={entry.at} />
              </button>
            </th>
            <td className={text.cut}>{actorName(entry, t)}</td>
            <td>{actionWords(entry, t)}</td>
            <td className={text.cut}>{entry.targetName ?? ''}</td>
            <td className={classNames(text.meta, text.cut)}>{entry.address ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function EntryPane({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const t = useTranslate()
  const { before, after, seq, requestId } = entry
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return (
    <SidePane title={actionWords(entry, t)} detail={actorName(entry, t)} onClose={onClose}>
      {fields.map((field) => (
        <PanePart key={field} label={field}>
          {before && field in before && (
            <Value look={styles.before} sign="−" value={before[field]} />
          )}
          {after && field in after && (
            <Value
              look={before ? styles.after : undefined}
              sign={before ? '+' : ''}
              value={after[field]}
            />
          )}
        </PanePart>
      ))}
      <p className={text.meta}>
        <Moment at={entry.at} /> · {t('audit.entry', { seq })}
        {requestId !== null && ` · ${requestId.slice(0, 8)}`}
      </p>
    </SidePane>
  )
}

function Value({ look, sign, value }: { look: string | undefined; sign: string; value: unknown }) {
  const { people, teams } = useDirectory()
  // Of whom an id is that anybody knows is said.
  const shown = [value].flat().map((one) => {
    if (typeof one !== 'string') return JSON.stringify(one, null, 1)
    return people.get(one)?.fullName ?? teams.get(one)?.name ?? one
  })
  return (
    <pre className={classNames(styles.value, look)}>
      {sign} {shown.join(', ')}
    </pre>
  )
}

function Moment({ at }: { at: string }) {
  const language = useLanguage()
  const now = useNow('minute')
  return <time dateTime={at}>{exactMoment(Date.parse(at), now, language)}</time>
}

function actorName(entry: Entry, t: Translate): string {
  return entry.actorKind === 'user'
    ? (entry.actorName ?? t('audit.gone'))
    : t(`audit.actor.${entry.actorKind}`)
}

/** What a newer server writes is shown by its name. */
function actionWords({ action }: Entry, t: Translate): string {
  return isKnown(action) ? t(`audit.${action}` satisfies MessageId) : action
}

function isKnown(action: string): action is AuditAction {
  return (AUDIT_ACTIONS as readonly string[]).includes(action)
}

type AreaOf<Action extends string> = Action extends `${infer Area}.${string}` ? Area : never
function areaOf<Action extends AuditAction>(action: Action): AreaOf<Action> {
  return action.split('.')[0] as AreaOf<Action>
}
