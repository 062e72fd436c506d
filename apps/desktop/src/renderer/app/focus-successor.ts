import { useEffect } from 'react'

import { focusPane, paneNamed } from './panes.ts'

/**
 * Where the focus goes when what had it is taken away, because it was closed, taken over, accepted or acknowledged, by
 * oneself or by somebody else: to what one would look at next, and never to the page as such, from where the keyboard
 * and a screen reader would begin again at the top. In this order:
 *
 * 1. the item of the list in which it stood, if only the control in it went;
 * 2. the next item of that list, else the one before. Onto the item and not onto its button: whoever holds Enter on
 *    "Acknowledge" acknowledges one thing;
 * 3. from what lies over the panes, to where the focus was before, or to the main thing of its pane if that is gone;
 * 4. the main thing of its pane, the thread or the list;
 * 5. what is shown in its stead.
 */
export function useFocusSuccessor(): void {
  useEffect(() => {
    const keeper = new FocusKeeper()
    return keeper.start()
  }, [])
}

/** What holds things of a kind, one after the other. */
const GROUPS = '[data-focus-group], ul, ol, tbody'
const FOCUSABLE = 'button, a[href], input, textarea, select, [tabindex], [contenteditable="true"]'
const MOST_REMEMBERED = 16
/** Beside a screen there is none. Where neither is there yet, it is awaited. */
const PANES = ['conversation', 'list']

interface Place {
  element: HTMLElement
  /** The name of its pane; null: it lies over them. */
  pane: string | null
  group: Element | null
  item: HTMLElement | null
  /** Those after the item and then those before it, the nearest first. */
  neighbours: HTMLElement[]
}

class FocusKeeper {
  #place: Place | null = null
  /** Where the focus was, the latest last. */
  #history: Place[] = []
  #looking: ReturnType<typeof setTimeout> | undefined

  start(): () => void {
    const onFocusIn = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) this.#arrive(target)
    }
    const lookSoon = () => this.#lookSoon()
    document.addEventListener('focusin', onFocusIn)
    document.addEventListener('focusout', lookSoon)
    const observer = new MutationObserver(lookSoon)
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributeFilter: ['disabled', 'hidden', 'inert'],
    })
    return () => {
      document.removeEventListener('focusin', onFocusIn)
      document.removeEventListener('focusout', lookSoon)
      observer.disconnect()
      clearTimeout(this.#looking)
    }
  }

  #arrive(element: HTMLElement): void {
    const place = placeOf(element)
    this.#place = place
    this.#history = [
      ...this.#history.filter((one) => one.element !== element && one.element.isConnected),
      place,
    ].slice(-MOST_REMEMBERED)
  }

  /** After all that happens at once: what took something away often has a place of its own for the focus. */
  #lookSoon(): void {
    if (this.#place === null || this.#looking !== undefined || hasFocus()) return
    this.#looking = setTimeout(() => {
      this.#looking = undefined
      if (this.#place === null || hasFocus()) return
      if (canFocus(this.#place.element)) {
        // Left on purpose, by a click beside everything.
        this.#place = null
        return
      }
      this.#goOn(this.#place)
    }, 0)
  }

  #goOn(place: Place): void {
    if (isComingBack(place)) return
    const next = this.#itemAfter(place)
    if (next !== null) return focusItem(next)
    const isThere = place.pane === null ? this.#goBack(place) : focusPane(place.pane)
    if (!isThere) this.#toWhatIsShown()
  }

  #itemAfter({ item, group, neighbours }: Place): HTMLElement | null {
    if (item !== null && isShown(item)) return item
    if (group === null || !group.isConnected) return null
    return neighbours.find((one) => one.parentElement === group && isShown(one)) ?? null
  }

  /** Onto a screen as such: in its list the focus would hold the order still. */
  #toWhatIsShown(): void {
    const screen = paneNamed('screen')
    if (screen !== null && isShown(screen)) focusItem(screen)
    else PANES.some(focusPane)
  }

  /** What opened it may be gone with it, as the button of a menu that released the conversation. */
  #goBack({ group }: Place): boolean {
    return this.#history.toReversed().some(({ element, pane }) => {
      if (group?.contains(element) === true) return false
      if (!canFocus(element)) return pane !== null && focusPane(pane)
      focusItem(element)
      return true
    })
  }
}

function placeOf(element: HTMLElement): Place {
  // The list itself has the focus and moves a mark in it: it is no item of another one.
  const group = element.matches(GROUPS) ? null : element.closest(GROUPS)
  const items = group === null ? [] : [...group.children].filter(isElement)
  const index = items.findIndex((item) => item.contains(element))
  return {
    element,
    pane: element.closest<HTMLElement>('[data-pane]')?.dataset['pane'] ?? null,
    group,
    item: items[index] ?? null,
    neighbours: [...items.slice(index + 1), ...items.slice(0, Math.max(0, index)).toReversed()],
  }
}

/** Its pane is only out of reach for a moment: the next conversation is being read. */
function isComingBack({ pane }: Place): boolean {
  const present = pane === null ? null : paneNamed(pane)
  return present !== null && present.closest('[inert]') !== null
}

const hasFocus = () => document.activeElement !== null && document.activeElement !== document.body

const isElement = (element: Element): element is HTMLElement => element instanceof HTMLElement

function isShown(element: HTMLElement): boolean {
  return (
    element.isConnected &&
    element.getClientRects().length > 0 &&
    element.closest('[inert]') === null
  )
}

function canFocus(element: HTMLElement): boolean {
  return isShown(element) && element.matches(FOCUSABLE) && !element.matches(':disabled')
}

function focusItem(item: HTMLElement): void {
  // By the keyboard it is passed over, as before: only now it is where one is.
  if (!canFocus(item)) item.tabIndex = -1
  item.focus()
}
