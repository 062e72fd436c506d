import { type Services } from '../../../platform/services.ts'
import { connectModel, type ModelConnection } from './ask-model.ts'
import { loadModel } from './model-settings.ts'

/** The connection for the settings as they are now. New settings begin with a connection of their own. */
export interface CurrentModel {
  /**
   * @param revision what the row says of its last change; the same revision has the same connection
   * @returns null where the stored settings cannot be read
   */
  connection(revision: string): Promise<ModelConnection | null>
  close(): void
}

export function keepCurrentModel(services: Services): CurrentModel {
  let known: { revision: string; connection: Promise<ModelConnection | null> } | null = null

  async function connect(): Promise<ModelConnection | null> {
    const loaded = await loadModel(services.db, services.secrets)
    return loaded.state === 'stored' ? connectModel(services, loaded.model) : null
  }

  function letGo(): void {
    const former = known?.connection
    known = null
    former?.then(
      (connection) => connection?.close(),
      (error: unknown) => services.logger.error({ err: error }, 'model settings were not read'),
    )
  }

  return {
    connection(revision) {
      if (known?.revision !== revision) {
        letGo()
        const connection = connect()
        known = { revision, connection }
        connection.catch(() => {
          if (known?.connection === connection) known = null
        })
      }
      return (known as { connection: Promise<ModelConnection | null> }).connection
    },
    close: letGo,
  }
}
