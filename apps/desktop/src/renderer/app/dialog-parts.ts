/** What opens over the workspace, as one part of the build that the first paint does not wait for. */
export { HandoverDialog } from '../features/handover/handover-dialog.tsx'
export { OutboxSheet } from '../features/outbox/outbox-sheet.tsx'
export { Palette } from '../features/palette/palette.tsx'
export { SignInAgainDialog } from '../features/session/sign-in-again-dialog.tsx'
export { SignOutDialog } from '../features/session/sign-out-dialog.tsx'
export { HelpSheet } from './help-sheet.tsx'
