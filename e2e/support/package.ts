import { createRequire } from 'node:module'
import { join } from 'node:path'

import { packForLinux } from '../../apps/desktop/pack.fake.ts'
import { DESKTOP } from './workstation.ts'

/** Packs the built workstation as a release does. @returns the folder with what its archive holds */
export async function extractPackage(app: string, workFolder: string): Promise<string> {
  const { archive } = await packForLinux(app, workFolder, 'https://updates.example.test')
  const extracted = join(workFolder, 'extracted')
  const fromDesktop = createRequire(join(DESKTOP, 'package.json'))
  const asar = fromDesktop('@electron/asar') as {
    extractAll(archive: string, folder: string): void
  }
  asar.extractAll(archive, extracted)
  return extracted
}
