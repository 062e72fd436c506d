/**
 * What the engine needs of the machine, given by the main process: the engine itself knows neither Electron
 * nor the key store.
 */
export interface EngineHost {
  /** Where the caches are; null where nothing may be written to disk, for want of a key store. */
  dataFolder: string | null
  deviceName: string
  platform: 'linux' | 'darwin' | 'win32'
  /** Fixed by IT; null: the person chooses. */
  fixedServerUrl: string | null
  /** IT allows servers without encryption. */
  allowsHttp: boolean
  /** A device that has not reached its server for this long forgets what it holds. */
  leaseMs: number
  defaultServerUrl: string
  /** Small secrets in the operating system's key store. */
  readSecret(name: string): Promise<string | null>
  writeSecret(name: string, value: string | null): Promise<void>
  /** The account that used this device last. Not secret. */
  readAccount(): Promise<StoredAccount | null>
  writeAccount(account: StoredAccount | null): Promise<void>
  /** Leads the person to a server's single sign-on. */
  openBrowser(url: string): Promise<void>
  /** They are back from there, and have the browser before them. */
  cameBack(): void
}

export interface StoredAccount {
  /** This device's id, made once. */
  deviceId: string
  serverUrl: string
  /** Null after signing out. */
  person: { id: string; email: string; fullName: string } | null
  /** What servers know this device by, by whom and where; the last first. */
  knownAs?: readonly KnownDevice[] | undefined
}

/**
 * Shows a server that its person was signed in here before, so that whoever guesses at them elsewhere does not bar their
 * way. It opens nothing by itself.
 */
export interface KnownDevice {
  /** A hash of the server's address and the person's. */
  account: string
  secret: string
}
