import { syncBuiltinESMExports } from 'node:module'
import { Transform } from 'node:stream'
import zlib, { type InputType, type ZlibOptions } from 'node:zlib'

type Told = (error: Error | null, result: Buffer) => void

/**
 * Node compresses in other threads, and how long that takes is the machine's. Here it is done at once. Imported before
 * the server, which takes what it needs of zlib as it is loaded.
 */
function replace(name: string, value: unknown): void {
  Object.defineProperty(zlib, name, { value, configurable: true, enumerable: true })
}

replace('gzip', (text: InputType, options: ZlibOptions, told: Told): void => {
  process.nextTick(told, null, zlib.gzipSync(text, options))
})
replace('createGzip', (options: ZlibOptions): Transform => {
  const chunks: Buffer[] = []
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
    flush(done) {
      done(null, zlib.gzipSync(Buffer.concat(chunks), options))
    },
  })
})
syncBuiltinESMExports()
