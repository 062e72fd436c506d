import 'uplot/dist/uPlot.min.css'

import { useEffect, useRef, useSyncExternalStore } from 'react'
import UPlot, { type Options } from 'uplot'

import { clockTime, minutesAndSeconds, shortDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import styles from './replay-panel.module.css'
import { type waitSeries } from './replay-lines.ts'

const HEIGHT = 200
const DAY_SECONDS = 86_400
/** Steps of the waits' axis, in seconds, as people count them. */
const WAIT_STEPS = [15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, DAY_SECONDS]

/** Mean waits over the period under both settings. A picture: the figures stand in the table above it. */
export function WaitChart({ series }: { series: ReturnType<typeof waitSeries> }) {
  const t = useTranslate()
  const theme = useTheme()
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.legend}>
        <span className={styles.wide}>{t('replay.chart')}</span>
        <span>
          <svg className={styles.presentKey} viewBox="0 0 18 4" aria-hidden="true">
            <path d="M0 2h18" />
          </svg>
          {t('replay.present')}
        </span>
        <span>
          <svg className={styles.changedKey} viewBox="0 0 18 4" aria-hidden="true">
            <path d="M0 2h18" />
          </svg>
          {t('replay.changed')}
        </span>
      </figcaption>
      <Plot key={theme} series={series} />
    </figure>
  )
}

function Plot({ series }: { series: ReturnType<typeof waitSeries> }) {
  const t = useTranslate()
  const language = useLanguage()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const [instants] = series
    const isLong = (instants.at(-1) ?? 0) - (instants[0] ?? 0) > 2 * DAY_SECONDS
    const chart = new UPlot(
      options(element, {
        instant: (seconds) =>
          isLong ? shortDate(seconds * 1000, Date.now(), language) : clockTime(seconds * 1000),
      }),
      series,
      element,
    )
    const resized = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    )
    resized.observe(element)
    return () => {
      resized.disconnect()
      chart.destroy()
    }
  }, [series, language])
  return <div ref={place} className={styles.plot} role="img" aria-label={t('replay.chart')} />
}

function options(element: HTMLElement, words: { instant: (seconds: number) => string }): Options {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: token('--text-3'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: token('--line-faint'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 12, 0, 0],
    scales: { y: { range: (_chart, _least, most) => [0, Math.max(60, most * 1.1)] } },
    axes: [
      { ...axis, values: (_chart, instants) => instants.map(words.instant) },
      {
        ...axis,
        size: 52,
        incrs: WAIT_STEPS,
        values: (_chart, waits) => waits.map((seconds) => minutesAndSeconds(seconds * 1000)),
      },
    ],
    series: [
      {},
      // Told apart by their dashes, not by their colours alone.
      {
        stroke: token('--text-2'),
        width: 1.5,
        dash: [5, 4],
        spanGaps: true,
        points: { show: false },
      },
      { stroke: token('--accent'), width: 2, spanGaps: true, points: { show: false } },
    ],
  }
}

/** A canvas knows no tokens: with another theme it is drawn anew. */
function useTheme(): string | undefined {
  return useSyncExternalStore(watchTheme, () => document.documentElement.dataset['theme'])
}

function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
