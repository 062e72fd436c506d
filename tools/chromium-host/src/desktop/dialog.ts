import { warn } from '../environment.ts'
import { log } from '../host-log.ts'

type WithWindow<Options> = [options: Options] | [window: unknown, options: Options]

/** No dialog appears: each is recorded and answered as if the person had cancelled it. Tests replace these functions. */
function record<Options extends object>(kind: string, args: WithWindow<Options>): Options {
  const options = args.at(-1) as Options
  log.dialogs.push({ kind, options })
  return options
}

/** Electron's rule for Escape. */
function cancelButton({ cancelId, buttons = [] }: Electron.MessageBoxOptions): number {
  return (
    cancelId ??
    Math.max(
      0,
      buttons.findIndex((label) => /^(cancel|no)$/i.test(label.replaceAll('&', ''))),
    )
  )
}

export const dialog = {
  showMessageBox: async (...args: WithWindow<Electron.MessageBoxOptions>) => ({
    response: cancelButton(record('message', args)),
    checkboxChecked: false,
  }),
  showMessageBoxSync: (...args: WithWindow<Electron.MessageBoxSyncOptions>) =>
    cancelButton(record('message', args)),
  showOpenDialog: async (...args: WithWindow<Electron.OpenDialogOptions>) => {
    record('open', args)
    return { canceled: true, filePaths: [] as string[] }
  },
  showSaveDialog: async (...args: WithWindow<Electron.SaveDialogOptions>) => {
    record('save', args)
    return { canceled: true, filePath: '' }
  },
  showErrorBox(title: string, content: string): void {
    record('error', [{ title, content }])
    warn(`${title}: ${content}`)
  },
} satisfies Partial<Electron.Dialog>
