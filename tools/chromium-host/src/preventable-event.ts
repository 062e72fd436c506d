/** The event object of Electron's main process. */
export class PreventableEvent {
  defaultPrevented = false
  preventDefault = (): void => {
    this.defaultPrevented = true
  }
}

export function preventableEvent<Params extends object>(params: Params): PreventableEvent & Params {
  return Object.assign(new PreventableEvent(), params)
}
