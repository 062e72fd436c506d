/** The window's panes in the order of F6; each pane's root carries `data-pane`. */
const PANES = ['rail', 'list', 'conversation', 'customer', 'screen'] as const
export type Pane = (typeof PANES)[number]

/** Moves the focus to the next pane that is on the screen. */
export function focusNextPane(step: 1 | -1): void {
  const shown = PANES.filter((pane) => rootOf(pane) !== null)
  const present = shown.findIndex((pane) => rootOf(pane)?.contains(document.activeElement))
  const next = shown.at((present + step + shown.length) % shown.length)
  if (next) focusPane(next)
}

export function focusPane(pane: Pane): void {
  const root = rootOf(pane)
  // The pane itself or what it names as its main thing, else the first that takes the focus.
  const target = root?.matches('[data-pane-focus]')
    ? root
    : (root?.querySelector<HTMLElement>('[data-pane-focus]') ??
      root?.querySelector<HTMLElement>(FOCUSABLE))
  target?.focus()
}

const FOCUSABLE = 'button:not(:disabled), textarea, input, [tabindex="0"]'
const rootOf = (pane: Pane) => document.querySelector<HTMLElement>(`[data-pane="${pane}"]`)
