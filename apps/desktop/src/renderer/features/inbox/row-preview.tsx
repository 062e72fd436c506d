import type { InboxRow, IntentKind, PreviewMark } from '@parley/contracts'
import { Check, CheckCheck, Clock, type LucideIcon, Pencil, TriangleAlert } from 'lucide-react'
import { type ReactNode } from 'react'

import { type MessageId, type Translate } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import { contentWords } from '../../ui/content-words.ts'
import text from '../../ui/text.module.css'
import { outboxWords } from '../outbox/index.ts'
import styles from './inbox-row.module.css'

interface Mark {
  icon: LucideIcon
  /** Said aloud; shown as well where `shown`. */
  words: MessageId
  shown: boolean
  className: string | undefined
}

const MARKS: Record<NonNullable<PreviewMark>, Mark> = {
  refused: { icon: TriangleAlert, words: 'mark.refused', shown: true, className: styles.bad },
  draft: { icon: Pencil, words: 'mark.draft', shown: true, className: styles.draft },
  failed: { icon: TriangleAlert, words: 'mark.failed', shown: true, className: styles.bad },
  pending: { icon: Clock, words: 'mark.pending', shown: false, className: undefined },
  sent: { icon: Check, words: 'mark.sent', shown: false, className: undefined },
  delivered: { icon: CheckCheck, words: 'mark.delivered', shown: false, className: undefined },
  read: { icon: CheckCheck, words: 'mark.read', shown: false, className: styles.read },
}

/** The newest thing in a conversation, in one line that begins with at most one mark. */
export function RowPreview({ preview }: { preview: InboxRow['preview'] }) {
  const t = useTranslate()
  if (preview.refused !== null) return <NotDone kind={preview.refused} t={t} />
  const mark = preview.mark === null ? null : MARKS[preview.mark]
  const isOwnDraft = preview.mark === 'draft' || preview.mark === 'refused'
  return (
    <span className={classNames(text.grow, text.cut, styles.preview)}>
      {mark ? (
        <MarkGlyph mark={mark} t={t} />
      ) : (
        preview.contentType !== 'text' && <ContentGlyph contentType={preview.contentType} />
      )}
      {!isOwnDraft && <span className={styles.by}>{author(preview, t)}</span>}
      <bdi className={text.cut}>{words(preview, t)}</bdi>
    </span>
  )
}

/** No message: nobody's words follow what says that something was not done. */
function NotDone({ kind, t }: { kind: IntentKind; t: Translate }) {
  return (
    <span className={classNames(text.grow, text.cut, styles.preview, styles.bad)}>
      <span className={styles.mark}>
        <Icon of={TriangleAlert} size={13} />
      </span>
      {t(outboxWords(kind).refused)}
    </span>
  )
}

function MarkGlyph({ mark, t }: { mark: Mark; t: Translate }) {
  const said = t(mark.words as Exclude<MessageId, `${string}{`>)
  return (
    <span className={classNames(styles.mark, mark.className)}>
      <Icon of={mark.icon} size={13} />
      {mark.shown ? <span className={styles.markWords}>{said}</span> : <OnlyRead>{said} </OnlyRead>}
    </span>
  )
}

const ContentGlyph = ({ contentType }: { contentType: string }) => (
  <span className={styles.mark}>
    <Icon of={contentWords(contentType).icon} size={13} />
  </span>
)

function author({ by }: InboxRow['preview'], t: Translate): ReactNode {
  if (by.kind === 'me') return t('preview.byMe')
  // The business's own phone has no name.
  if (by.kind === 'colleague' && by.name !== '')
    return t('preview.byColleague', { name: by.name.split(' ')[0] ?? by.name })
  return null
}

function words({ contentType, text }: InboxRow['preview'], t: Translate): string {
  if (contentType === 'text') return text
  const name = t(contentWords(contentType).name as 'content.image')
  return text === '' ? name : t('preview.placeholder', { name, text })
}
