import type { PersonView } from '@parley/contracts'

/** `finishing`: online, and takes nothing new. */
export type ShownPresence = PersonView['presence']['status'] | 'finishing'

/** Disc, half disc, disc with bar, ring with hands, empty ring: told apart without colour. */
export function PresenceGlyph({
  status,
  className,
}: {
  status: ShownPresence
  className?: string | undefined
}) {
  return (
    <svg viewBox="0 0 10 10" width="10" height="10" className={className} aria-hidden="true">
      {status === 'online' && <circle cx="5" cy="5" r="4" fill="var(--ok)" />}
      {status === 'finishing' && (
        <>
          <circle cx="5" cy="5" r="3.3" fill="none" stroke="var(--ok)" strokeWidth="1.4" />
          <path d="M5 1.5a3.5 3.5 0 0 0 0 7z" fill="var(--ok)" />
        </>
      )}
      {status === 'busy' && (
        <>
          <circle cx="5" cy="5" r="4" fill="var(--danger)" />
          <path d="M3 5h4" stroke="var(--bg-pane)" strokeWidth="1.5" />
        </>
      )}
      {status === 'away' && (
        <>
          <circle cx="5" cy="5" r="3.3" fill="none" stroke="var(--warn)" strokeWidth="1.4" />
          <path
            d="M5 3.2V5l1.3.8"
            stroke="var(--warn)"
            strokeWidth="1.2"
            fill="none"
            strokeLinecap="round"
          />
        </>
      )}
      {status === 'offline' && (
        <circle cx="5" cy="5" r="3.3" fill="none" stroke="var(--line-control)" strokeWidth="1.4" />
      )}
    </svg>
  )
}
