import fs from 'node:fs'

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** An encoded picture, kept as it came: there is no decoder here, so it cannot be resized, cropped or converted. */
export class NativeImage {
  #png: Buffer
  #scaleFactor: number
  #template = false

  constructor(png: Buffer, scaleFactor = 1) {
    this.#png = png
    this.#scaleFactor = scaleFactor
  }
  isEmpty(): boolean {
    return this.#png.length === 0
  }
  toPNG(): Buffer {
    return this.#png
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toString('base64')}`
  }
  /** From the header of a PNG, in the points that its pixels make. */
  getSize(): Electron.Size {
    if (this.isEmpty()) return { width: 0, height: 0 }
    const [width, height] = [this.#png.readUInt32BE(16), this.#png.readUInt32BE(20)]
    return { width: width / this.#scaleFactor, height: height / this.#scaleFactor }
  }
  isTemplateImage(): boolean {
    return this.#template
  }
  setTemplateImage(option: boolean): void {
    this.#template = option
  }
}

/** Electron makes an empty image of what it cannot read; so it is with all but PNG here. */
export function createFromBuffer(
  buffer: Buffer,
  { scaleFactor }: Electron.CreateFromBufferOptions = {},
): NativeImage {
  const isPng = buffer.subarray(0, 8).equals(PNG_SIGNATURE)
  return new NativeImage(isPng ? buffer : Buffer.alloc(0), scaleFactor)
}

export const nativeImage = {
  createEmpty: () => new NativeImage(Buffer.alloc(0)),
  createFromBuffer,
  createFromPath: (file: string) =>
    createFromBuffer(fs.existsSync(file) ? fs.readFileSync(file) : Buffer.alloc(0)),
  createFromDataURL: (url: string) =>
    createFromBuffer(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
}
