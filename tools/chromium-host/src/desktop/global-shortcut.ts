/** None can be registered, which Electron says in the same way when another application holds the keys. */
export const globalShortcut = {
  register: () => false,
  isRegistered: () => false,
  unregister: () => {},
  unregisterAll: () => {},
} satisfies Partial<Electron.GlobalShortcut>
