import type { ReplayOutput } from '@parley/contracts'
import { Check, Minus, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'

import { minutesAndSeconds } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type ReplayLine, replayLines, verdictOf, waitSeries } from './replay-lines.ts'
import styles from './replay-panel.module.css'
import { WaitChart } from './wait-chart.tsx'

const SHAPES = { better: Check, worse: TriangleAlert, same: Minus } as const

/** Both runs side by side, by the same code, and beside them what really happened. */
export function ReplayResult({ result: { present, changed, recorded } }: { result: ReplayOutput }) {
  const t = useTranslate()
  const series = useMemo(() => waitSeries(present, changed), [present, changed])
  return (
    <section className={styles.result} aria-label={t('replay.result')} data-replay-result>
      <p>
        {recorded.meanWaitSeconds === null
          ? t('replay.recordedNothing', { count: recorded.conversations })
          : t('replay.recorded', {
              count: recorded.conversations,
              wait: minutesAndSeconds(recorded.meanWaitSeconds * 1000),
            })}
      </p>
      <table className={styles.figures}>
        <thead>
          <tr>
            <th scope="col">{t('replay.figure')}</th>
            <th scope="col">{t('replay.present')}</th>
            <th scope="col">{t('replay.changed')}</th>
            <th scope="col">{t('replay.difference')}</th>
            <th scope="col">{t('replay.verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {replayLines(present, changed).map((line) => {
            const verdict = verdictOf(line)
            return (
              <tr key={line.key} data-figure={line.key} data-verdict={verdict}>
                <th scope="row">{t(`figure.${line.key}`)}</th>
                <td>{figure(line, line.present)}</td>
                <td>{figure(line, line.changed)}</td>
                <td>{difference(line)}</td>
                <td>
                  <span className={styles[verdict]}>
                    <Icon of={SHAPES[verdict]} size={14} />
                    {t(`verdict.${verdict}`)}
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {series[0].length > 1 && <WaitChart series={series} />}
    </section>
  )
}

function figure({ unit }: ReplayLine, value: number): string {
  if (unit === 'time') return minutesAndSeconds(rounded(unit, value) * 1000)
  return unit === 'count' ? String(rounded(unit, value)) : value.toFixed(1)
}

/** As it is shown, so that a difference is that of the figures beside it. */
function rounded(unit: ReplayLine['unit'], value: number): number {
  return unit === 'number' ? Number(value.toFixed(1)) : Math.round(value)
}

/** +0:12, −3; nothing where it is the same. */
function difference(line: ReplayLine): string {
  const by = rounded(line.unit, line.changed) - rounded(line.unit, line.present)
  if (by === 0 || verdictOf(line) === 'same') return ''
  return `${by < 0 ? '−' : '+'}${figure(line, Math.abs(by))}`
}
