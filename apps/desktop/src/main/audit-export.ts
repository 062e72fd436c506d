import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'

import type {
  AppError,
  AuditExported,
  AuditFilter,
  BridgeResult,
  EngineMethod,
  ExportPageOutput,
} from '@parley/contracts'
import { app, dialog } from 'electron'
import { v7 } from 'uuid'

import type { Log } from './log.ts'

export interface AuditExportOptions {
  askEngine(method: EngineMethod, input: unknown): Promise<BridgeResult<unknown>>
  onProgress(entries: number): void
  /** What a file is called where its person says nothing else. */
  fileName(): string
  log: Log
}

type Pages =
  | { outcome: 'written'; entries: number }
  | Exclude<AuditExported, { outcome: 'written' }>

/**
 * Writes the audit log to a file that the person chooses, page by page, beside its place and moved there once all of it
 * is on the disk: what was stopped or failed leaves no file that looks whole. Only its person may read it.
 */
export class AuditExport {
  readonly #options: AuditExportOptions
  #running: AbortController | null = null

  constructor(options: AuditExportOptions) {
    this.#options = options
  }

  async start(filter: AuditFilter): Promise<AuditExported> {
    if (this.#running !== null) return failed({ code: 'conflict', details: { action: 'export' } })
    const running = new AbortController()
    this.#running = running
    try {
      const file = await this.#chooseFile()
      if (file === null || running.signal.aborted) return { outcome: 'left' }
      return await this.#write(file, filter, running.signal)
    } finally {
      this.#running = null
    }
  }

  /** The person does not want it any more, or is not there any more. */
  stop(): void {
    this.#running?.abort()
  }

  async #chooseFile(): Promise<string | null> {
    const { canceled, filePath } = await dialog.showSaveDialog({
      defaultPath: join(app.getPath('documents'), this.#options.fileName()),
      filters: [{ name: 'NDJSON', extensions: ['ndjson'] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    })
    return canceled || filePath === '' ? null : filePath
  }

  async #write(file: string, filter: AuditFilter, signal: AbortSignal): Promise<AuditExported> {
    const exportId = v7()
    const begun = await this.#options.askEngine('audit.beginExport', { exportId, filter })
    if (!begun.ok) return failed(begun.error)
    const part = `${file}.part`
    try {
      const handle = await open(part, 'w', 0o600)
      const written = await this.#writePages(handle, exportId, signal).finally(() => handle.close())
      if (written.outcome === 'written') await rename(part, file)
      return written.outcome === 'written' ? { ...written, file: basename(file) } : written
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      this.#options.log.warn('an export could not be written', { code })
      const reason = code === 'ENOSPC' ? 'disk_full' : 'io'
      return failed({ code: 'not_kept', details: { reason } })
    } finally {
      await rm(part, { force: true }).catch(() => {})
    }
  }

  async #writePages(handle: FileHandle, exportId: string, signal: AbortSignal): Promise<Pages> {
    // One that was there already keeps the permissions that it had.
    await handle.chmod(0o600)
    let entries = 0
    let before: number | null = null
    do {
      const page = await this.#options.askEngine('audit.exportPage', { exportId, before })
      if (signal.aborted) return { outcome: 'left' }
      if (!page.ok) return failed(page.error)
      const { lines, next } = page.value as ExportPageOutput
      await handle.write(lines.map((line) => `${line}\n`).join(''))
      entries += lines.length
      before = next
      this.#options.onProgress(entries)
    } while (before !== null)
    await handle.sync()
    return { outcome: 'written', entries }
  }
}

const failed = (error: AppError) => ({ outcome: 'failed', error }) as const
