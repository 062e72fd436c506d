import type { GetModelOutput } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { isUnsaved } from '../../ui/form/editing.ts'
import { SaveForm } from '../../ui/form/save-bar.tsx'
import { useEditing } from '../../ui/form/use-editing.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import {
  NEW_MODEL,
  fromModelDraft,
  isSameModel,
  refusedModelProblems,
  toModelDraft,
  withoutKey,
} from './model-draft.ts'
import { ModelForm } from './model-form.tsx'
import { ModelTest } from './model-test.tsx'

/** The language model that may place conversations: where it is, what it may choose, and a try. */
export function ModelPanel() {
  const t = useTranslate()
  const read = useServerRead('triage.getModel', undefined)
  return (
    <WhenRead read={read} failed={t('triage.modelFailed')}>
      {(value) => <Model stored={value} readAgain={read.readAgain} />}
    </WhenRead>
  )
}

function Model({
  stored: { settings, state, updatedAt },
  readAgain,
}: {
  stored: GetModelOutput
  readAgain: ServerRead<GetModelOutput>['readAgain']
}) {
  const ask = useAsk()
  const isOnline = useConnection()?.state === 'online'
  const hasKey = state === 'stored'
  const editing = useEditing({
    subject: { screen: 'triage', part: 'model' },
    stored: { draft: settings === null ? NEW_MODEL : toModelDraft(settings), version: 0 },
    read: (draft) => fromModelDraft(draft, hasKey),
    isSame: isSameModel,
    send: (model) => ask('triage.saveModel', model),
    take: async () => {
      await readAgain()
      return 0
    },
    readAgain,
    refusedProblems: refusedModelProblems,
    withoutSecrets: withoutKey,
  })
  return (
    <SaveForm editing={editing}>
      <ModelForm
        draft={editing.draft}
        problems={editing.problems ?? {}}
        keyState={state}
        keyStoredAt={updatedAt}
        onChange={editing.change}
      />
      <ModelTest canTest={hasKey && isOnline} isChanged={isUnsaved(editing.state)} />
    </SaveForm>
  )
}
