/** Where a new window begins, before the app's own first page. */
export const START_PAGE = '__host_start'

/** On the origin of the first page, or Chromium would show an address bar for leaving the window's own site. */
export function startPageUrl(firstUrl: string, headless: boolean): (token: string) => string {
  if (headless) return (token) => `about:blank?${START_PAGE}=${token}`
  if (firstUrl.startsWith('http'))
    return (token) => new URL(`/${START_PAGE}?${token}`, firstUrl).href
  return (token) => `data:text/html,<title></title><!--${START_PAGE} ${token}-->`
}

export const isStartPage = (url: string): boolean =>
  url === '' || url === 'about:blank' || url.includes(START_PAGE)
