import type { AuditOutput } from '@parley/contracts'

import { useDirectory } from '../../bridge/views.ts'
import { exactMoment } from '../../i18n/moments.ts'
import { type Translate } from '../../i18n/translate.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { PanePart, SidePane } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import styles from './audit.module.css'
import { type Difference, differencesOf } from './differences.ts'
import { actionWords, fieldWords, valueWords } from './entry-words.ts'
import { type ShownFilter } from './shown-filter.ts'

export type Entry = AuditOutput['entries'][number]

/** One entry: what was and what is, in words, and ways to others like it. */
export function EntryPane({
  entry,
  onNarrow,
  onClose,
}: {
  entry: Entry
  onNarrow: (to: Partial<ShownFilter>) => void
  onClose: () => void
}) {
  const t = useTranslate()
  const { seq, requestId, actorId, targetId, targetName } = entry
  const isChange = entry.before !== null && entry.after !== null
  return (
    <SidePane title={actionWords(entry.action, t)} detail={actorName(entry, t)} onClose={onClose}>
      {differencesOf(entry.before, entry.after).map((difference) => (
        <DifferencePart
          key={difference.path.join('.')}
          difference={difference}
          isChange={isChange || entry.after === null}
        />
      ))}
      <p className={text.meta}>
        <Moment at={entry.at} /> · {t('audit.entry', { seq })}
        {entry.address !== null && ` · ${entry.address}`}
        {requestId !== null && ` · ${requestId.slice(0, 8)}`}
      </p>
      {actorId !== null && (
        <p>
          <LinkButton onClick={() => onNarrow({ who: actorId })}>
            {t('audit.allBy', { name: actorName(entry, t) })}
          </LinkButton>
        </p>
      )}
      {targetId !== null && targetName !== null && (
        <p>
          <LinkButton onClick={() => onNarrow({ about: { id: targetId, name: targetName } })}>
            {t('audit.allAbout', { name: targetName })}
          </LinkButton>
        </p>
      )}
    </SidePane>
  )
}

function DifferencePart({
  difference: { path, ...sides },
  isChange,
}: {
  difference: Difference
  isChange: boolean
}) {
  const t = useTranslate()
  const label = fieldWords(path, t)
  const field = path.at(-1) ?? ''
  return (
    <PanePart label={label}>
      {'was' in sides && <Value look={styles.before} sign="−" field={field} value={sides.was} />}
      {'is' in sides && (
        <Value
          look={isChange ? styles.after : undefined}
          sign={isChange ? '+' : ''}
          field={field}
          value={sides.is}
        />
      )}
    </PanePart>
  )
}

function Value({
  look,
  sign,
  field,
  value,
}: {
  look: string | undefined
  sign: string
  field: string
  value: unknown
}) {
  const t = useTranslate()
  const directory = useDirectory()
  const now = useNow('minute')
  return (
    <p className={classNames(styles.value, look)}>
      {sign} {valueWords(field, value, { t, now, directory })}
    </p>
  )
}

export function Moment({ at }: { at: string }) {
  const language = useLanguage()
  const now = useNow('minute')
  return <time dateTime={at}>{exactMoment(Date.parse(at), now, language)}</time>
}

export function actorName(entry: Entry, t: Translate): string {
  return entry.actorKind === 'user'
    ? (entry.actorName ?? t('audit.gone'))
    : t(`audit.actor.${entry.actorKind}`)
}
