import type { AppError, BridgeResult, SlaEffect } from '@parley/contracts'
import { useEffect, useState } from 'react'

import { type ServerRead } from '../../bridge/use-server-read.ts'
import { useMe } from '../../bridge/views.ts'
import { type DraftStore } from './sla-drafts.ts'

/** What the server keeps of a team and a person may change: settings with their version. */
export interface Edited<Settings> {
  settings: Settings
  version: number
  isRecomputing: boolean
}

interface EditingParts<Settings, Value extends Edited<Settings>, Draft> {
  teamId: string
  stored: ServerRead<Value>
  value: Value
  drafts: DraftStore<Draft>
  toDraft: (settings: Settings) => Draft
  /** Null while anything in it is wrong. */
  read: (draft: Draft) => Settings | null
  isSame: (a: Draft, b: Draft) => boolean
  get: () => Promise<BridgeResult<Value>>
  preview: (settings: Settings) => Promise<BridgeResult<SlaEffect>>
  save: (settings: Settings, basedOn: number) => Promise<BridgeResult<Value>>
}

export interface Editing<Draft> {
  draft: Draft
  isChanged: boolean
  change: (draft: Draft) => void
  discard: () => void
  busy: boolean
  /** Somebody pressed on with something wrong in it: empty fields are then wrong as well. */
  wasTried: boolean
  error: AppError | null
  savedAt: number | null
  /** What saving would do, once asked for; gone as soon as anything changes. */
  effect: SlaEffect | null
  previewEffect: () => Promise<void>
  saveNow: () => Promise<void>
  /** Mine over theirs: knowing of theirs now. */
  saveAnyway: () => Promise<void>
  loadTheirs: () => void
  isRecomputing: boolean
}

const LOOKS_AGAIN_MS = 2000

/** Editing in two steps: first what it would do to the conversations that are open, then saving it. */
export function useEditing<Settings, Value extends Edited<Settings>, Draft>(
  parts: EditingParts<Settings, Value, Draft>,
): Editing<Draft> {
  const { stored, value, drafts, toDraft, read, isSame } = parts
  const me = useMe()
  const key = `${me.id} ${parts.teamId}`
  const kept = drafts.use(key)
  const saved = toDraft(value.settings)
  const draft = kept ?? saved
  const [effect, setEffect] = useState<SlaEffect | null>(null)
  const [error, setError] = useState<AppError | null>(null)
  const [wasTried, setWasTried] = useState(false)
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  useLookWhile(value.isRecomputing, stored.readAgain)

  const forget = () => {
    setEffect(null)
    setError(null)
    setWasTried(false)
  }
  const discard = () => {
    drafts.keep(key, null)
    forget()
  }
  /** Asks with what the draft says now, if it says anything. */
  const withSettings = async (run: (settings: Settings) => Promise<AppError | null>) => {
    const settings = read(draft)
    setWasTried(true)
    if (settings === null) return
    setBusy(true)
    setError(await run(settings))
    setBusy(false)
  }
  const save = (basedOn: number) =>
    withSettings(async (settings) => {
      const result = await parts.save(settings, basedOn)
      if (!result.ok) return result.error
      stored.put(result.value)
      discard()
      setSavedAt(Date.now())
      return null
    })
  return {
    draft,
    isChanged: !isSame(draft, saved),
    busy,
    wasTried,
    error,
    savedAt,
    effect,
    isRecomputing: value.isRecomputing,
    change: (next) => {
      drafts.keep(key, next)
      setEffect(null)
      setError(null)
      setSavedAt(null)
    },
    discard,
    previewEffect: () =>
      withSettings(async (settings) => {
        const result = await parts.preview(settings)
        if (!result.ok) return result.error
        setEffect(result.value)
        return null
      }),
    saveNow: () => save(value.version),
    saveAnyway: async () => {
      const result = await parts.get()
      if (!result.ok) return setError(result.error)
      await save(result.value.version)
    },
    loadTheirs: () => {
      discard()
      stored.readAgain()
    },
  }
}

/** Nothing tells when the server has done with it. */
function useLookWhile(isRecomputing: boolean, look: () => void): void {
  useEffect(() => {
    if (!isRecomputing) return
    const timer = setInterval(look, LOOKS_AGAIN_MS)
    return () => clearInterval(timer)
  }, [isRecomputing, look])
}
