export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path
        d="M3 4.5A2.5 2.5 0 0 1 5.5 2h9A2.5 2.5 0 0 1 17 4.5v6a2.5 2.5 0 0 1-2.5 2.5H9l-4.2 4.3c-.6.6-1.8.2-1.8-.8z"
        fill="var(--accent-fill)"
      />
      <path
        d="M7 5.8v3.4M10 4.8v5.4M13 6.3v2.4"
        stroke="var(--on-accent)"
        strokeWidth="1.5"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  )
}
