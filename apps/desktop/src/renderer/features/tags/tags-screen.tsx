import type { BridgeResult, TagView, TeamView } from '@parley/contracts'
import { Pencil, Plus, Tags, Trash2 } from 'lucide-react'
import { useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useTeamsWith } from '../../bridge/use-teams-with.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { PanelBody } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Refused } from '../../ui/refused.tsx'
import { Screen } from '../../ui/screen.tsx'
import text from '../../ui/text.module.css'
import { TagForm } from './tag-form.tsx'
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
  const { ask, isBusy, error, forgetError } = useAsking()
  const wordsOf = useErrorWords()
  const refused = error && wordsOf(error)
  const isStuck = isBusy || !isOnline
  /** A tag's id, or `new`. */
  const [edited, setEdited] = useState<string | null>(null)
  const edit = (what: string | null) => {
    forgetError()
    setEdited(what)
  }
  const closeIfSaved = ({ ok }: BridgeResult<unknown>) => ok && setEdited(null)
  const newOne = (
    <Button look="primary" disabled={!isOnline} onClick={() => edit('new')}>
      <Icon of={Plus} />
      {t('tags.new')}
    </Button>
  )
  return (
    <Screen title={t('tags.title')} head={edited !== 'new' && tags.length > 0 && newOne}>
      <PanelBody>
        <div className={styles.all}>
          {!isOnline && <p className={styles.note}>{t('tags.offline')}</p>}
          {edited === 'new' && (
            <TagForm
              tag={{ name: '', color: nextColor(tags.length), teamId: mayCreateFor[0] ?? null }}
              teamIds={mayCreateFor}
              refused={refused}
              isBusy={isStuck}
              onSave={(fields) => void ask('tags.create', fields).then(closeIfSaved)}
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
                refused={refused}
                isBusy={isStuck}
                onSave={(fields) =>
                  void ask('tags.save', { ...fields, id: tag.id, basedOn: tag.version }).then(
                    closeIfSaved,
                  )
                }
                onCancel={() => edit(null)}
              />
            ) : (
              <TagLine
                key={tag.id}
                tag={tag}
                isStuck={isStuck}
                onEdit={() => edit(tag.id)}
                onRemove={() => void ask('tags.remove', { id: tag.id })}
              />
            ),
          )}
          {edited === null && refused && <Refused words={refused} />}
          <Rules
            teams={teams}
            isStuck={isStuck}
            onChange={(teamId, requiredOnClose) =>
              void ask('tags.setRule', { teamId, requiredOnClose })
            }
          />
        </div>
      </PanelBody>
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
  onChange,
}: {
  teams: readonly TeamView[]
  isStuck: boolean
  onChange: (teamId: string, requiredOnClose: boolean) => void
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
            onChange={({ target }) => onChange(id, target.checked)}
          />
          {name}
        </label>
      ))}
    </section>
  )
}
