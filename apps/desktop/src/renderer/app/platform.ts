/** Whether Cmd takes the place of Ctrl. Asked of the browser so that it is known before any answer of the shell. */
export const isMac = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac')
