import { type ReactNode } from 'react'

import { type DueClockState } from './due-clock-state.ts'

export type SlaShapeName = DueClockState['state']

const QUARTER = 16.34

/** The shape of a clock's state; the words beside it say the same. `ground` is the colour that it stands on. */
export function SlaShape({
  of,
  fractionGone = 0,
  ground = 'var(--bg-pane)',
  size = 13,
}: {
  of: SlaShapeName
  fractionGone?: number
  ground?: string
  size?: number
}) {
  return (
    <svg viewBox="0 0 14 14" width={size} height={size} aria-hidden="true">
      {SHAPES[of](fractionGone, ground)}
    </svg>
  )
}

const OCTAGON = 'M4.3.8h5.4l3.5 3.5v5.4l-3.5 3.5H4.3L.8 9.7V4.3z'

const SHAPES: Record<SlaShapeName, (fractionGone: number, ground: string) => ReactNode> = {
  on_time: (fractionGone) => (
    <>
      <circle cx="7" cy="7" r="5.7" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <circle
        cx="7"
        cy="7"
        r="2.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="5.2"
        strokeDasharray={`${(fractionGone * QUARTER).toFixed(2)} ${QUARTER}`}
        transform="rotate(-90 7 7)"
        opacity=".75"
      />
    </>
  ),
  warning: (_, ground) => (
    <>
      <path
        d="M7 1.4 13 12.3H1z"
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
      <path d="M7 5v3.3M7 10.3v.1" stroke={ground} strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  breached: (_, ground) => (
    <>
      <path d={OCTAGON} fill="currentColor" />
      <path d="M7 3.7v3.6M7 10v.1" stroke={ground} strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  missed: () => (
    <>
      <path d={OCTAGON} fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M7 3.9v3.4M7 10v.1" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  paused: () => (
    <path
      d="M4.8 3.2v7.6M9.2 3.2v7.6"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      fill="none"
    />
  ),
  met: () => (
    <path
      d="M2.5 7.5 5.5 10.5 11.5 3.8"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      fill="none"
    />
  ),
}
