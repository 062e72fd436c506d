let text = ''

/** The app's own, not shared with the desktop or with a page's navigator.clipboard. */
export const clipboard = {
  readText: async () => text,
  writeText: async (value: string) => {
    text = value
  },
  clear: () => {
    text = ''
  },
} satisfies Partial<Electron.Clipboard>
