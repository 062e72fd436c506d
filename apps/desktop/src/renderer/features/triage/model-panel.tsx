import type { AppError, GetModelOutput } from '@parley/contracts'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useIsSlow } from '../../bridge/use-read.ts'
import { useConnection, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { FailedBlank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ListSkeleton } from '../../ui/list-skeleton.tsx'
import {
  type ModelDraft,
  type ModelProblems,
  NEW_MODEL,
  fromModelDraft,
  isKey,
  isSameModel,
  refusedModelField,
  toModelDraft,
} from './model-draft.ts'
import { ModelForm } from './model-form.tsx'
import { ModelTest } from './model-test.tsx'
import { SaveBar } from './save-bar.tsx'
import { keepTriageDraft, useTriageDrafts } from './triage-drafts.ts'
import screen from './triage-screen.module.css'
import { useAnswer } from './use-answer.ts'

/** The language model that may place conversations: where it is, what it may choose, and a try. */
export function ModelPanel() {
  const t = useTranslate()
  const { value, error, readAgain } = useAnswer('triage.getModel', undefined)
  const slow = useIsSlow(value === undefined && error === null)
  if (value !== undefined) return <Editor stored={value} readAgain={readAgain} />
  if (error === null) return slow && <ListSkeleton />
  return (
    <FailedBlank title={t('triage.modelFailed')} error={error} onRetry={() => void readAgain()} />
  )
}

function Editor({ stored, readAgain }: { stored: GetModelOutput; readAgain: () => Promise<void> }) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const model = useModel(stored, readAgain)
  const { draft, problems, isBusy, isChanged, newKey } = model
  return (
    <form
      className={screen.panel}
      onSubmit={(event) => {
        event.preventDefault()
        void model.save()
      }}
    >
      <div className={screen.body}>
        <ModelForm
          draft={draft}
          problems={problems}
          stored={stored}
          newKey={newKey}
          isBusy={isBusy}
          onChange={model.change}
          onKeyChange={model.changeKey}
        />
        <ModelTest canTest={stored.state === 'stored' && isOnline} isChanged={isChanged} />
      </div>
      <SaveBar
        error={model.error}
        hasProblems={Object.keys(problems).length > 0}
        isChanged={isChanged}
        savedAt={model.savedAt}
      >
        <Button look="line" disabled={!isChanged || isBusy} onClick={model.discard}>
          {t('triage.discard')}
        </Button>
        <Button type="submit" look="primary" disabled={!isChanged || isBusy || !isOnline}>
          {t('triage.save')}
        </Button>
      </SaveBar>
    </form>
  )
}

function useModel(stored: GetModelOutput, readAgain: () => Promise<void>) {
  const ask = useAsk()
  const me = useMe()
  const kept = useTriageDrafts(me.id).model
  const saved = stored.settings === null ? NEW_MODEL : toModelDraft(stored.settings)
  const draft = kept ?? saved
  // Kept nowhere but in the field: it goes with the screen. Null: the stored one stays.
  const [newKey, setNewKey] = useState<string | null>(null)
  const [problems, setProblems] = useState<ModelProblems>({})
  const [error, setError] = useState<AppError | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const discard = () => {
    keepTriageDraft(me.id, 'model', undefined)
    setNewKey(null)
    setProblems({})
    setError(null)
  }
  const touch = () => {
    setProblems({})
    setError(null)
    setSavedAt(null)
  }
  const check = () => {
    const read = fromModelDraft(draft)
    const needsKey = stored.state !== 'stored' && (newKey ?? '') === ''
    const found: ModelProblems = {
      ...read.problems,
      ...(needsKey ? { apiKey: 'key_needed' } : {}),
      ...((newKey ?? '') !== '' && !isKey(newKey ?? '') ? { apiKey: 'bad_key' } : {}),
    }
    setProblems(found)
    return Object.keys(found).length === 0 ? read.settings : null
  }
  return {
    draft,
    newKey,
    problems,
    error,
    isBusy,
    savedAt,
    isChanged: !isSameModel(draft, saved) || (newKey ?? '') !== '',
    discard,
    change(next: ModelDraft) {
      // As it is typed: "0.0" may be on its way to "0.05".
      const isUntouched = JSON.stringify(next) === JSON.stringify({ ...next, ...saved })
      keepTriageDraft(me.id, 'model', isUntouched ? undefined : next)
      touch()
    },
    changeKey(typed: string | null) {
      setNewKey(typed)
      touch()
    },
    async save() {
      const settings = check()
      if (settings === null) return
      setBusy(true)
      const apiKey = newKey === '' ? null : newKey
      const result = await ask('triage.saveModel', { settings, apiKey })
      if (result.ok) {
        await readAgain()
        discard()
        setSavedAt(Date.now())
      } else {
        const refused =
          result.error.code === 'invalid_input' ? refusedModelField(result.error.details) : null
        if (refused === null) setError(result.error)
        else setProblems(refused)
      }
      setBusy(false)
    },
  }
}
