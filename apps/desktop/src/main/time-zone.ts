/**
 * Before main says a time of day. Unlike Chromium's pages, Node keeps the time zone that it began with, until it is told
 * that the variable TZ has changed. Where somebody has set that, it stands.
 */
export function followTimeZone(): void {
  if (process.env['TZ'] === undefined) delete process.env['TZ']
}
