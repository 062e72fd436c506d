import type { TagColor } from '@parley/contracts'
import { useState } from 'react'

import { type Words } from '../../bridge/error-words.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import { Refused } from '../../ui/refused.tsx'
import field from '../../ui/field.module.css'
import { TAG_LOOKS, knownColor } from './tag-looks.ts'
import { TagDot } from './tag-mark.tsx'
import styles from './tags-screen.module.css'

interface TagFields {
  name: string
  color: TagColor
  teamId: string | null
}

/** A tag's name, colour and team. */
export function TagForm({
  tag,
  teamIds,
  refused,
  isBusy,
  onSave,
  onCancel,
}: {
  tag: { name: string; color: string; teamId: string | null }
  /** For which this person may have it; null: for all teams. */
  teamIds: readonly (string | null)[]
  refused: Words | null
  isBusy: boolean
  onSave: (fields: TagFields) => void
  onCancel: () => void
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const [name, setName] = useState(tag.name)
  const [color, setColor] = useState(knownColor(tag.color))
  const [teamId, setTeamId] = useState(tag.teamId)
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        onSave({ name: name.trim(), color, teamId })
      }}
      onKeyDown={({ key, nativeEvent }) =>
        // While letters are being composed, Escape throws those away and nothing else.
        key === 'Escape' && !nativeEvent.isComposing && onCancel()
      }
    >
      <input
        type="text"
        className={field.input}
        autoFocus
        required
        maxLength={100}
        value={name}
        aria-label={t('tags.name')}
        placeholder={t('tags.name')}
        onChange={({ target }) => setName(target.value)}
      />
      <fieldset className={styles.colors}>
        <OnlyRead>
          <legend>{t('tags.color')}</legend>
        </OnlyRead>
        {TAG_LOOKS.map((look) => (
          <label key={look.color} className={styles.color} title={t(look.name)}>
            <input
              type="radio"
              name="color"
              checked={look.color === color}
              aria-label={t(look.name)}
              onChange={() => setColor(look.color)}
            />
            <TagDot color={look.color} />
          </label>
        ))}
      </fieldset>
      <select
        className={field.input}
        value={teamId ?? ''}
        aria-label={t('tags.team')}
        onChange={({ target }) => setTeamId(target.value === '' ? null : target.value)}
      >
        {teamIds.map((id) => (
          <option key={id} value={id ?? ''}>
            {id === null ? t('tags.everybodys') : teams.get(id)?.name}
          </option>
        ))}
      </select>
      <Button type="submit" look="primary" disabled={isBusy || name.trim() === ''}>
        {t('tags.save')}
      </Button>
      <Button look="line" onClick={onCancel}>
        {t('tags.cancel')}
      </Button>
      {refused && <Refused words={refused} className={styles.refused} />}
    </form>
  )
}
