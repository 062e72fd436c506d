import type { AppError, RuleSetSummary } from '@parley/contracts'
import type { TriageRule } from '@parley/domain'
import { History } from 'lucide-react'
import { useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useServerPages } from '../../bridge/use-server-pages.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { clockTime, shortDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Blank, FailedBlank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { isConflict, isUnsaved } from '../../ui/form/editing.ts'
import { Panel, PanelBody, PanelFoot, Refusal } from '../../ui/form/panel.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useNow } from '../../ui/use-now.ts'
import rows from '../../ui/selected-rows.module.css'
import text from '../../ui/text.module.css'
import { WhenRead } from '../../ui/when-read.tsx'
import { type RulesDiff, diffRules, isEmptyDiff } from './rules-diff.ts'
import { rulesOf } from './rules-draft.ts'
import panel from './rules-panel.module.css'
import { ruleSummary } from './rule-words.ts'
import { type RulesEditing } from './use-rules.ts'
import styles from './versions-panel.module.css'

interface VersionsPanelProps {
  editing: RulesEditing
  isReadOnly: boolean
  /** Null: the newest. */
  version: number | null
  onChoose: (version: number) => void
}

/** Every version that was saved, the newest first, and what the chosen one changed. */
export function VersionsPanel(props: VersionsPanelProps) {
  const t = useTranslate()
  const { readMore, ...read } = useVersions()
  return (
    <WhenRead read={read} failed={t('triage.versionsFailed')}>
      {(versions) => <Versions {...props} versions={versions} onReadOlder={readMore} />}
    </WhenRead>
  )
}

function Versions({
  editing,
  isReadOnly,
  version,
  onChoose,
  versions,
  onReadOlder,
}: VersionsPanelProps & {
  versions: readonly RuleSetSummary[]
  /** Null: there are none. */
  onReadOlder: (() => Promise<void>) | null
}) {
  const t = useTranslate()
  const restoring = useRestoring(editing, onChoose)
  const shown = versions.find((one) => one.version === version) ?? versions[0]
  if (shown === undefined)
    return (
      <Blank icon={History} title={t('triage.noVersions')}>
        {t('triage.noVersionsWords')}
      </Blank>
    )
  return (
    <Panel>
      <div className={panel.columns}>
        <div className={panel.side}>
          <ul className={rows.scrolls} aria-label={t('triage.part.versions')}>
            {versions.map((one) => (
              <li key={one.version}>
                <VersionRow
                  summary={one}
                  isShown={one.version === shown.version}
                  onChoose={() => onChoose(one.version)}
                />
              </li>
            ))}
          </ul>
          {onReadOlder && (
            <div className={panel.sideFoot}>
              <Button look="line" onClick={() => void onReadOlder()}>
                {t('triage.olderVersions')}
              </Button>
            </div>
          )}
        </div>
        <VersionDetail
          key={shown.version}
          summary={shown}
          editing={editing}
          restoring={isReadOnly ? null : restoring}
        />
      </div>
      {restoring.error && (
        <PanelFoot>
          <Refusal error={restoring.error} />
          <span className={text.grow} />
          <Button look="primary" onClick={restoring.giveUp}>
            {t('triage.readAgain')}
          </Button>
        </PanelFoot>
      )}
    </Panel>
  )
}

interface Restoring {
  error: AppError | null
  isBusy: boolean
  restore: (version: number) => Promise<void>
  /** What is stored is looked at instead. */
  giveUp: () => void
}

/** An old version becomes the newest one. */
function useRestoring(editing: RulesEditing, onRestored: (version: number) => void): Restoring {
  const t = useTranslate()
  const { ask, isBusy, error, forgetError } = useAsking()
  return {
    error,
    isBusy,
    restore: async (version) => {
      const result = await ask('triage.saveRules', {
        basedOn: editing.stored.ruleSet.version,
        note: t('triage.restoreNote', { version }),
        content: { kind: 'restore', version },
      })
      if (!result.ok) return
      editing.discard()
      onRestored(result.value.version)
    },
    giveUp: () => {
      forgetError()
      editing.discard()
    },
  }
}

/** A page of them, and those before it where somebody asks. */
function useVersions() {
  const { pages, ...read } = useServerPages(
    'triage.ruleVersions',
    (before: number | null) => ({ before }),
    ({ versions, hasOlder }) => (hasOlder ? (versions.at(-1)?.version ?? null) : null),
  )
  return { ...read, value: pages?.flatMap(({ versions }) => versions) }
}

function VersionRow({
  summary,
  isShown,
  onChoose,
}: {
  summary: RuleSetSummary
  isShown: boolean
  onChoose: () => void
}) {
  const t = useTranslate()
  return (
    <button
      type="button"
      className={classNames(rows.row, styles.version)}
      aria-current={isShown ? 'true' : undefined}
      data-version={summary.version}
      onClick={onChoose}
    >
      <span className={styles.line}>
        <strong>{t('triage.version', { version: summary.version })}</strong>
        <span className={text.grow} />
        <VersionTime summary={summary} />
      </span>
      <span className={text.cut}>{summary.note === '' ? t('triage.noNote') : summary.note}</span>
      <Author summary={summary} />
    </button>
  )
}

function Author({ summary: { createdBy } }: { summary: RuleSetSummary }) {
  const t = useTranslate()
  const { people } = useDirectory()
  const name = createdBy === null ? undefined : people.get(createdBy)?.fullName
  return <span className={text.meta}>{name ?? t('triage.unknownAuthor')}</span>
}

function VersionTime({ summary: { createdAt } }: { summary: RuleSetSummary }) {
  const language = useLanguage()
  const now = useNow('minute')
  if (createdAt === null) return null
  const at = Date.parse(createdAt)
  return (
    <time className={text.meta} dateTime={createdAt}>
      {shortDate(at, now, language)}, {clockTime(at)}
    </time>
  )
}

const COMPARED = ['previous', 'screen'] as const

function VersionDetail({
  summary,
  editing,
  restoring,
}: {
  summary: RuleSetSummary
  editing: RulesEditing
  /** Null: not by this person. */
  restoring: Restoring | null
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { version } = summary
  const [comparedWith, setComparedWith] = useState<(typeof COMPARED)[number]>(
    isConflict(editing.state) ? 'screen' : 'previous',
  )
  const rules = useServerRead('triage.getRules', { version })
  const previous = useServerRead('triage.getRules', version > 1 ? { version: version - 1 } : null)
  const error = rules.error ?? previous.error
  const before = version > 1 ? previous.value?.rules : []
  const newest = editing.stored.ruleSet.version
  const isChanged = isUnsaved(editing.state)
  return (
    <div className={panel.main}>
      <div className={panel.tools}>
        <strong className={styles.title}>{t('triage.version', { version })}</strong>
        <span className={text.grow} />
        {isChanged && (
          <Segments
            label={t('triage.compare')}
            value={comparedWith}
            options={COMPARED.map((value) => ({ value, label: t(`triage.compare.${value}`) }))}
            onChange={setComparedWith}
          />
        )}
        {restoring && version < newest && (
          <Button
            look="line"
            disabled={isChanged || restoring.isBusy || !isOnline}
            title={isChanged ? t('triage.restoreFirst') : undefined}
            onClick={() => void restoring.restore(version)}
          >
            {t('triage.restore', { version: newest + 1 })}
          </Button>
        )}
      </div>
      <PanelBody>
        {summary.restoredFrom !== null && (
          <p className={text.meta}>{t('triage.restoredFrom', { version: summary.restoredFrom })}</p>
        )}
        {error !== null ? (
          <FailedBlank
            title={t('triage.versionsFailed')}
            error={error}
            onRetry={() => {
              void rules.readAgain()
              void previous.readAgain()
            }}
          />
        ) : rules.value === undefined || before === undefined ? null : (
          <>
            {comparedWith === 'screen' && isChanged ? (
              <Difference
                title={t('triage.whatIsYours')}
                diff={diffRules(rules.value.rules, rulesOf(editing.draft))}
              />
            ) : (
              <Difference
                title={t('triage.whatChanged')}
                diff={diffRules(before, rules.value.rules)}
              />
            )}
            <AllRules rules={rules.value.rules} />
          </>
        )}
      </PanelBody>
    </div>
  )
}

function Difference({ title, diff }: { title: string; diff: RulesDiff }) {
  const t = useTranslate()
  const lines = [
    ...(['added', 'removed', 'changed'] as const).map((kind) => ({ kind, names: diff[kind] })),
    { kind: 'renamed' as const, names: diff.renamed.map(({ from, to }) => `${from} → ${to}`) },
  ].filter(({ names }) => names.length > 0)
  return (
    <section>
      <h2 className={styles.heading}>{title}</h2>
      {isEmptyDiff(diff) && <p className={text.meta}>{t('triage.diff.none')}</p>}
      <dl className={styles.diff}>
        {lines.map(({ kind, names }) => (
          <div key={kind} className={styles.change} data-diff={kind}>
            <dt>{t(`triage.diff.${kind}`)}</dt>
            <dd>{names.join(', ')}</dd>
          </div>
        ))}
        {diff.isReordered && (
          <div className={styles.change} data-diff="reordered">
            <dt>{t('triage.diff.order')}</dt>
            <dd>{t('triage.diff.reordered')}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

function AllRules({ rules }: { rules: readonly TriageRule[] }) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const nameOf = (id: string) => teams.get(id)?.name ?? t('triage.goneTeam')
  return (
    <section>
      <h2 className={styles.heading}>{t('triage.ruleCount', { count: rules.length })}</h2>
      <ol className={styles.rules}>
        {rules.map((rule, index) => (
          <li key={index} className={styles.rule}>
            <span className={panel.place}>{index + 1}</span>
            <span className={text.cut}>
              {rule.name}
              {!rule.enabled && (
                <span className={text.meta}> ({t('triage.off').toLowerCase()})</span>
              )}
            </span>
            <span className={text.meta}>{ruleSummary(rule, t, nameOf)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
