/** So near the bottom a reader counts as being at it. */
const AT_END_PX = 40

export function isScrolledToEnd({ scrollHeight, scrollTop, clientHeight }: Element): boolean {
  return scrollHeight - scrollTop - clientHeight <= AT_END_PX
}

export function scrollToEnd(element: Element): void {
  element.scrollTo({ top: element.scrollHeight, behavior: 'instant' })
}
