/** Accepted, but no report is ever written or sent. */
export const crashReporter = {
  start: () => {},
  getUploadToServer: () => false,
  setUploadToServer: () => {},
  addExtraParameter: () => {},
  removeExtraParameter: () => {},
} satisfies Partial<Electron.CrashReporter>
