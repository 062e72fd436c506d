import type { AppError, ConversationView } from '@parley/contracts'
import { Command } from 'cmdk'
import { Check, Plus, Tag } from 'lucide-react'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useRead } from '../../bridge/use-read.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import commandList from '../../ui/command-list.module.css'
import { Dialog } from '../../ui/dialog.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { KeyCaps } from '../../ui/keys.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Refused } from '../../ui/refused.tsx'
import text from '../../ui/text.module.css'
import styles from './tag-dialog.module.css'
import { nextColor } from './tag-looks.ts'
import { TagDot } from './tag-mark.tsx'
import { matching } from './tags-group.tsx'
import { useTagging, useTags } from './use-tags.ts'

/** A conversation's tags by typing: Enter puts one on or takes it off, and what is not there can be made. */
export function TagDialog({
  conversationId,
  onClose,
}: {
  conversationId: string
  onClose: () => void
}) {
  const { value: conversation } = useRead('conversation.get', { conversationId })
  return conversation && <OpenTagDialog conversation={conversation} onClose={onClose} />
}

function OpenTagDialog({
  conversation,
  onClose,
}: {
  conversation: ConversationView
  onClose: () => void
}) {
  const t = useTranslate()
  const { row } = conversation
  const [wanted, setWanted] = useState('')
  const tagging = useTagging(conversation)
  const { creatable, create, error } = useCreation(conversation, wanted, tagging.toggle)
  const wordsOf = useErrorWords()
  const shown = wanted.trim() === '' ? tagging.choices : matching(tagging, wanted)
  const title = t('tags.of', { name: row.title })
  return (
    <Dialog title={title} width={420} showHeading={false} onClose={onClose}>
      <Command shouldFilter={false} label={title} loop className={commandList.command}>
        <div className={commandList.input}>
          <Icon of={Tag} />
          <Command.Input
            autoFocus
            value={wanted}
            onValueChange={setWanted}
            placeholder={t('tags.find')}
          />
        </div>
        <Command.List className={commandList.list} label={title}>
          {shown.map(({ id, name, color, teamId }) => (
            <Command.Item
              key={id}
              value={id}
              className={commandList.item}
              aria-checked={tagging.has(id)}
              onSelect={() => tagging.toggle(id)}
            >
              <span className={classNames(styles.box, tagging.has(id) && styles.on)}>
                {tagging.has(id) && <Icon of={Check} size={12} />}
              </span>
              <TagDot color={color} />
              <span className={classNames(text.grow, text.cut)}>
                <MarkedText text={name} wanted={wanted} />
              </span>
              {teamId !== null && <TeamName id={teamId} />}
            </Command.Item>
          ))}
          {creatable !== null && (
            <Command.Item
              value="create"
              className={commandList.item}
              onSelect={() => void create().then((made) => made && setWanted(''))}
            >
              <Icon of={Plus} />
              <span className={classNames(text.grow, text.cut)}>
                {t('tags.create', { tag: wanted.trim() })}
              </span>
              {creatable.teamId === null ? (
                <span className={text.meta}>{t('tags.everybodys')}</span>
              ) : (
                <TeamName id={creatable.teamId} />
              )}
            </Command.Item>
          )}
          {shown.length === 0 && creatable === null && (
            <p className={styles.empty}>{t('tags.nothing')}</p>
          )}
        </Command.List>
        {error && <Refused words={wordsOf(error)} className={styles.refused} />}
        <div className={commandList.bottom} aria-hidden="true">
          <span>
            <KeyCaps labels={['⏎']} /> {t('tags.keys.toggle')}
          </span>
          <span>
            <KeyCaps labels={['Esc']} /> {t('tags.keys.done')}
          </span>
        </div>
      </Command>
    </Dialog>
  )
}

function TeamName({ id }: { id: string }) {
  const { teams } = useDirectory()
  return <span className={text.meta}>{teams.get(id)?.name}</span>
}

/** What was typed as a tag of the conversation's team, where this person may make one and there is none. */
function useCreation(
  { row }: ConversationView,
  wanted: string,
  toggle: (tagId: string) => void,
): {
  creatable: { teamId: string | null } | null
  create: () => Promise<boolean>
  error: AppError | null
} {
  const ask = useAsk()
  const { tags, mayCreateFor } = useTags()
  const [error, setError] = useState<AppError | null>(null)
  const name = wanted.trim()
  const exists = tags.some((tag) => foldText(tag.name) === foldText(name))
  const teamId = [row.teamId, null].find((one) => mayCreateFor.includes(one))
  return {
    creatable: name === '' || exists || teamId === undefined ? null : { teamId },
    error,
    async create() {
      const fields = { name, color: nextColor(tags.length), teamId: teamId ?? null }
      const made = await ask('tags.create', fields)
      setError(made.ok ? null : made.error)
      if (made.ok) toggle(made.value.tagId)
      return made.ok
    },
  }
}
