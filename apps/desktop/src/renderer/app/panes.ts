/** The window's panes: each pane's root carries `data-pane`, and F6 goes through them as they stand in the page. */
const panes = () => [...document.querySelectorAll<HTMLElement>('[data-pane]')]

/** Moves the focus to the next pane that is on the screen. */
export function focusNextPane(step: 1 | -1): void {
  const shown = panes()
  const present = shown.findIndex((pane) => pane.contains(document.activeElement))
  const next = shown.at((present + step + shown.length) % shown.length)
  if (next) focusIn(next)
}

export const paneNamed = (name: string) =>
  panes().find(({ dataset }) => dataset['pane'] === name) ?? null

/** @returns whether it has the focus now */
export function focusPane(name: string): boolean {
  const pane = paneNamed(name)
  if (pane !== null) focusIn(pane)
  return pane?.contains(document.activeElement) ?? false
}

function focusIn(pane: HTMLElement): void {
  // The pane itself or what it names as its main thing, else the first that takes the focus.
  const target = pane.matches('[data-pane-focus]')
    ? pane
    : (pane.querySelector<HTMLElement>('[data-pane-focus]') ??
      pane.querySelector<HTMLElement>(FOCUSABLE))
  target?.focus()
}

const FOCUSABLE = 'button:not(:disabled), textarea, input, [tabindex="0"]'
