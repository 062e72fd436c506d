import type { BridgeResult, SlaEffect } from '@parley/contracts'
import { type ReactNode, useState } from 'react'

import { useEvery } from '../../bridge/use-every.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { SaveForm } from '../../ui/form/save-bar.tsx'
import { type Editing } from '../../ui/form/use-editing.ts'
import { EffectPreview } from './effect-preview.tsx'

interface EffectFirstFormProps<Draft, Settings, Problems> {
  editing: Editing<Draft, Settings, Problems>
  preview: (settings: Settings) => Promise<BridgeResult<SlaEffect>>
  isRecomputing: boolean
  readAgain: () => Promise<void>
  isReadOnly: boolean
  children: ReactNode
}

/** A form that is saved in two steps: first it is seen what that would do to the conversations that are open. */
export function EffectFirstForm<Draft, Settings, Problems>({
  editing,
  preview,
  isRecomputing,
  readAgain,
  isReadOnly,
  children,
}: EffectFirstFormProps<Draft, Settings, Problems>) {
  const t = useTranslate()
  const [seen, setSeen] = useState<{ of: Draft; effect: SlaEffect } | null>(null)
  // Nothing tells when the server has done with what was saved.
  useEvery(2000, isRecomputing ? readAgain : null)
  // Of what was typed then: anything else would do something else.
  const effect = seen?.of === editing.draft ? seen.effect : null
  const see = () =>
    editing.attempt(async (settings) => {
      const result = await preview(settings)
      if (!result.ok) return result.error
      setSeen({ of: editing.draft, effect: result.value })
      return null
    })
  return (
    <SaveForm
      editing={editing}
      firstStep={effect === null ? { label: t('sla.seeEffect'), run: see } : null}
      stillDoing={isRecomputing ? t('sla.recomputing') : null}
      above={effect !== null && editing.state.error === null && <EffectPreview effect={effect} />}
      isReadOnly={isReadOnly}
      data-settings-version={editing.basedOn}
    >
      {children}
    </SaveForm>
  )
}
