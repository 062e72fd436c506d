import { EventEmitter } from 'node:events'
import { log, type RecordedTray } from '../host-log.ts'
import type { Menu } from './menu.ts'
import type { NativeImage } from './native-image.ts'

/** Recorded only: no icon appears. The log holds what it was last given, and tests emit its events. */
export class Tray extends EventEmitter {
  #record: RecordedTray

  constructor(image: NativeImage | string) {
    super()
    this.#record = { tray: this, image, toolTip: '', title: '', menu: null, destroyed: false }
    log.trays.push(this.#record)
  }
  setImage(image: NativeImage | string): void {
    this.#record.image = image
  }
  setToolTip(toolTip: string): void {
    this.#record.toolTip = toolTip
  }
  setTitle(title: string): void {
    this.#record.title = title
  }
  getTitle(): string {
    return this.#record.title
  }
  setContextMenu(menu: Menu | null): void {
    this.#record.menu = menu
  }
  destroy(): void {
    this.#record.destroyed = true
  }
  isDestroyed(): boolean {
    return this.#record.destroyed
  }
}
