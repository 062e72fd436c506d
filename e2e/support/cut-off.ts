/// <reference lib="dom" />
import { type Page } from '@playwright/test'

/**
 * What a person cannot see or reach in this window, in words: text that is cut where nothing says so, or to less than
 * can be read; controls that lie outside of everything that scrolls, or under something else.
 */
export function findCutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** A name that is cut with dots must leave this much, or it names nobody. */
    const LEAST_NAME_PX = 44
    const SLACK_PX = 1.5
    const found = new Set<string>()
    const { innerWidth: width, innerHeight: height } = window

    const isOnlyRead = (element: Element) => {
      for (let one: Element | null = element; one !== null; one = one.parentElement) {
        const { clipPath, visibility } = getComputedStyle(one)
        if (clipPath.startsWith('inset(50%') || visibility === 'hidden') return true
        if (one.closest('[aria-hidden="true"][hidden]')) return true
      }
      return false
    }
    const name = (element: Element) => {
      const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim()
      const place = element.closest('[data-pane], [role=dialog], [role=menu], header, aside')
      const where = place?.getAttribute('data-pane') ?? place?.tagName.toLowerCase() ?? 'page'
      return `${where}: ${element.tagName.toLowerCase()} "${words.slice(0, 40)}"`
    }
    const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll'
    /** Whoever cuts it, sideways or from below; null: nobody. */
    const cutBy = (element: Element, rect: DOMRect): string | null => {
      let canReachX = false
      let canReachY = false
      for (let one = element.parentElement; one !== null; one = one.parentElement) {
        const style = getComputedStyle(one)
        const box = one.getBoundingClientRect()
        if (scrolls(style.overflowX)) canReachX = true
        if (scrolls(style.overflowY)) canReachY = true
        const hidesX = style.overflowX === 'hidden' || style.overflowX === 'clip'
        const hidesY = style.overflowY === 'hidden' || style.overflowY === 'clip'
        if (
          hidesX &&
          !canReachX &&
          (rect.left < box.left - SLACK_PX || rect.right > box.right + SLACK_PX)
        )
          return 'sideways'
        if (
          hidesY &&
          !canReachY &&
          (rect.top < box.top - SLACK_PX || rect.bottom > box.bottom + SLACK_PX)
        )
          return 'from below'
        if (style.position === 'fixed') break
      }
      if (!canReachX && (rect.left < -SLACK_PX || rect.right > width + SLACK_PX)) return 'sideways'
      if (!canReachY && (rect.top < -SLACK_PX || rect.bottom > height + SLACK_PX))
        return 'from below'
      return null
    }
    /** Wrapped out of a line on purpose, whole: the second line of what has one. */
    const isLeftOut = (element: Element, rect: DOMRect) => {
      const line = element.closest('[data-leaves-out]')
      return line !== null && rect.top >= line.getBoundingClientRect().bottom - SLACK_PX
    }

    const dialog = [...document.querySelectorAll('[aria-modal=true]')].at(-1)
    const root = dialog ?? document.body

    if (document.documentElement.scrollWidth > width + SLACK_PX)
      found.add('the page scrolls sideways')

    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const holder = node.parentElement
      if (holder === null || (node.textContent ?? '').trim() === '') continue
      if (holder.closest('[role=log], textarea, svg, [inert]') || isOnlyRead(holder)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const rect = range.getBoundingClientRect()
      if (rect.width === 0 || isLeftOut(holder, rect)) continue
      const dots = holder.closest<HTMLElement>('*')
      const style = getComputedStyle(holder)
      const isDotted = style.textOverflow === 'ellipsis' && style.overflowX !== 'visible'
      if (isDotted && dots !== null) {
        if (holder.scrollWidth > holder.clientWidth + 1 && holder.clientWidth < LEAST_NAME_PX)
          found.add(`${name(holder)} is cut to ${holder.clientWidth} px`)
        continue
      }
      if (style.webkitLineClamp !== 'none') continue
      const cut = cutBy(holder, rect)
      // Its own box may be dotted higher up: a name in a button.
      let above: Element | null = holder
      while (above !== null && getComputedStyle(above).textOverflow !== 'ellipsis')
        above = above.parentElement
      if (cut !== null && above === null) found.add(`${name(holder)} is cut ${cut}`)
    }

    const controls = root.querySelectorAll<HTMLElement>(
      'button, input, textarea, select, a[href], [role=button], [role=menuitem], [role=menuitemcheckbox]',
    )
    for (const control of controls) {
      const rect = control.getBoundingClientRect()
      if (rect.width === 0 || control.closest('[inert]') || isOnlyRead(control)) continue
      if (isLeftOut(control, rect)) continue
      const cut = cutBy(control, rect)
      if (cut !== null) {
        found.add(`${name(control)} is out of reach ${cut}`)
        continue
      }
      // What is scrolled out of sight now can be scrolled in; what is in sight must not lie under something.
      const x = rect.left + rect.width / 2
      const y = rect.top + rect.height / 2
      if (!isInSight(control, x, y)) continue
      const top = document.elementFromPoint(x, y)
      if (top === null || control.contains(top) || top.contains(control)) continue
      if (top.closest('[data-offers], [role=menu], [role=status]')) continue
      // What floats over the thread is moved past by scrolling.
      if (top.closest('[role=alert]') && control.closest('[role=log]')) continue
      found.add(`${name(control)} lies under ${name(top)}`)
    }
    function isInSight(element: Element, x: number, y: number): boolean {
      for (let one = element.parentElement; one !== null; one = one.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(one)
        if (overflowX === 'visible' && overflowY === 'visible') continue
        const box = one.getBoundingClientRect()
        if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false
      }
      return x >= 0 && y >= 0 && x <= width && y <= height
    }
    return [...found]
  })
}
