import type { AppError, BridgeInput, BridgeMethod, TagView, TeamView } from '@parley/contracts'
import { Pencil, Plus, Tags, Trash2 } from 'lucide-react'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useTeamsWith } from '../../bridge/use-teams-with.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { Screen } from '../../ui/screen.tsx'
import text from '../../ui/text.module.css'
import { TagForm, type TagFields } from './tag-form.tsx'
import { nextColor } from './tag-looks.ts'
import { TagDot } from './tag-mark.tsx'
import styles from './tags-screen.module.css'
import { useTags } from './use-tags.ts'

/** What tags there are, whose they are, and which teams close only with one. */
export function TagsScreen() {
  const t = useTranslate()
  const { tags, mayCreateFor } = useTags()
  const isOnline = useConnection()?.state === 'online'
  const teams = useTeamsWith('tag.manage')
  const change = useChange()
  /** A tag's id, or `new`. */
  const [edited, setEdited] = useState<string | null>(null)
  const edit = (what: string | null) => {
    change.forget()
    setEdited(what)
  }
  const saved = (isSaved: boolean) => isSaved && setEdited(null)
  const create = (fields: TagFields) => void change.ask('tags.create', fields).then(saved)
  const newOne = (
    <Button look="primary" disabled={!isOnline} onClick={() => edit('new')}>
      <Icon of={Plus} />
      {t('tags.new')}
    </Button>
  )
  return (
    <Screen title={t('tags.title')} head={edited !== 'new' && tags.length > 0 && newOne}>
      <div className={styles.body}>
        {!isOnline && <p className={styles.note}>{t('tags.offline')}</p>}
        {edited === 'new' && (
          <TagForm
            tag={{ name: '', color: nextColor(tags.length), teamId: mayCreateFor[0] ?? null }}
            teamIds={mayCreateFor}
            failed={change.words}
            isBusy={change.isBusy || !isOnline}
            onSave={create}
            onCancel={() => edit(null)}
          />
        )}
        {tags.length === 0 && edited !== 'new' && (
          <Blank icon={Tags} title={t('tags.none')} actions={newOne}>
            {t('tags.noneWords')}
          </Blank>
        )}
        {tags.map((tag) =>
          edited === tag.id ? (
            <TagForm
              key={tag.id}
              tag={tag}
              teamIds={mayCreateFor}
              failed={change.words}
              isBusy={change.isBusy || !isOnline}
              onSave={(fields) =>
                void change
                  .ask('tags.save', { ...fields, id: tag.id, basedOn: tag.version })
                  .then(saved)
              }
              onCancel={() => edit(null)}
            />
          ) : (
            <TagLine
              key={tag.id}
              tag={tag}
              isStuck={!isOnline || change.isBusy}
              onEdit={() => edit(tag.id)}
              onRemove={() => void change.ask('tags.remove', { id: tag.id })}
            />
          ),
        )}
        {edited === null && change.words && (
          <p className={styles.failed} role="alert">
            <strong>{change.words.title}</strong> {change.words.detail}
          </p>
        )}
        <Rules teams={teams} isStuck={!isOnline || change.isBusy} change={change} />
      </div>
    </Screen>
  )
}

function TagLine({
  tag,
  isStuck,
  onEdit,
  onRemove,
}: {
  tag: TagView
  isStuck: boolean
  onEdit: () => void
  onRemove: () => void
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const [isAsking, setAsking] = useState(false)
  const team = tag.teamId === null ? t('tags.everybodys') : teams.get(tag.teamId)?.name
  return (
    <div className={styles.row} data-tag={tag.id}>
      <TagDot color={tag.color} />
      <span className={classNames(styles.name, text.cut)}>{tag.name}</span>
      <span className={text.meta}>{team}</span>
      <span className={text.grow} />
      {isAsking ? (
        <>
          <span>{t('tags.removeAsked')}</span>
          <Button look="line" size="small" autoFocus onClick={() => setAsking(false)}>
            {t('tags.keep')}
          </Button>
          <Button look="danger" size="small" disabled={isStuck} onClick={onRemove}>
            {t('tags.remove')}
          </Button>
        </>
      ) : (
        tag.mayManage && (
          <>
            <IconButton
              label={t('tags.editOf', { tag: tag.name })}
              disabled={isStuck}
              onClick={onEdit}
            >
              <Icon of={Pencil} />
            </IconButton>
            <IconButton
              label={t('tags.removeOf', { tag: tag.name })}
              disabled={isStuck}
              onClick={() => setAsking(true)}
            >
              <Icon of={Trash2} />
            </IconButton>
          </>
        )
      )}
    </div>
  )
}

function Rules({
  teams,
  isStuck,
  change,
}: {
  teams: readonly TeamView[]
  isStuck: boolean
  change: Change
}) {
  const t = useTranslate()
  const { requiredIn } = useTags()
  if (teams.length === 0) return null
  return (
    <section>
      <h2 className={styles.heading}>{t('tags.rules')}</h2>
      <p className={styles.note}>{t('tags.rulesWords')}</p>
      {teams.map(({ id, name }) => (
        <label key={id} className={styles.rule}>
          <input
            type="checkbox"
            checked={requiredIn.includes(id)}
            disabled={isStuck}
            onChange={({ target }) =>
              void change.ask('tags.setRule', { teamId: id, requiredOnClose: target.checked })
            }
          />
          {name}
        </label>
      ))}
    </section>
  )
}

type Change = ReturnType<typeof useChange>

/** Asks for one change at a time, and keeps in words why one was refused. */
function useChange() {
  const t = useTranslate()
  const { people } = useDirectory()
  const ask = useAsk()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<AppError | null>(null)
  return {
    isBusy,
    words: error && errorWords(error, t, people),
    forget: () => setError(null),
    async ask<Method extends Extract<BridgeMethod, `tags.${string}`>>(
      method: Method,
      input: BridgeInput<Method>,
    ): Promise<boolean> {
      setBusy(true)
      const result = await ask(method, input)
      setBusy(false)
      setError(result.ok ? null : result.error)
      return result.ok
    },
  }
}
