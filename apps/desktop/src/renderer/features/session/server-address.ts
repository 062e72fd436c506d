/** What a person types, as an address: https unless they say otherwise. */
export function completeServerUrl(typed: string): string {
  const trimmed = typed.trim()
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`
}

/** The address as people say it: without https and without the last slash. */
export function serverName(url: string): string {
  return url.replace(/^https:\/\//i, '').replace(/\/$/, '')
}
