/** What the demo and the process that drives its workstation say to each other. */

export interface DriverOptions {
  executable: string
  switches: string[]
  /** Electron's user data. */
  userData: string
  serverUrl: string
  /** Null: the person signs in. */
  credentials: { email: string; password: string } | null
  /** Unseen: a screenshot is kept here, and a script does the agent's work. Null: a window for a person. */
  screenshot: string | null
  /** For the stand-in: whether it draws windows. */
  headed: boolean
  seed: string
}

export type FromDriver =
  /** The app runs, in a process group of its own. */
  | { type: 'launched'; pid: number }
  /** The inbox is on the screen, or the sign-in where nobody signs in. */
  | { type: 'ready'; signedIn: boolean }
  | { type: 'screenshot' }
  | { type: 'problem'; problem: string }
  /** The window was closed. */
  | { type: 'closed' }

export type ToDriver = { type: 'stop' }
