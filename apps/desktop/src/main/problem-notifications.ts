import type { BrokenThing, UiLanguage } from '@parley/contracts'

import type { Notice } from '../engine/protocol.ts'
import type { Log } from './log.ts'
import { oneLine } from './one-line.ts'
import { ShownNotifications } from './shown-notifications.ts'

export interface ProblemNotificationsOptions {
  language(): UiLanguage
  /** The window says what each means and what to do. */
  showWindow(): void
  log: Log
}

/** More than these at once are told in one notification. */
const MOST_SINGLE = 2
/** The name of what tells of several. */
const GROUP = 'group'

type Words = {
  [Kind in BrokenThing['kind']]: (details: Extract<BrokenThing, { kind: Kind }>['details']) => {
    title: string
    body: string
  }
} & { group(count: number): string }

const WORDS: Readonly<Record<UiLanguage, Words>> = {
  es: {
    channel_stopped: ({ account }) => ({
      title: 'Un canal no acepta mensajes',
      body: `${oneLine(account)} rechaza todo lo que se envía. Las respuestas esperan.`,
    }),
    quarantine: () => ({
      title: 'Hay entradas sin procesar',
      body: 'Parte de lo que envió un canal espera en cuarentena.',
    }),
    intake_behind: () => ({
      title: 'Lo que llega se procesa con retraso',
      body: 'Los mensajes de los clientes tardan más de un minuto en aparecer.',
    }),
    audit_log: ({ seq }) => ({
      title: 'El registro de auditoría no está como se escribió',
      body: `Desde la entrada ${seq} no coincide con su sello.`,
    }),
    sign_in_failures: ({ failures }) => ({
      title: 'Muchos intentos de entrar fallan',
      body: `${failures} en un cuarto de hora: alguien adivina contraseñas, o algo está mal configurado.`,
    }),
    api_key_ending: ({ name, days }) => ({
      title: days === 0 ? 'Una clave de API terminó' : 'Una clave de API termina pronto',
      body: `«${oneLine(name)}» ${days === 0 ? 'ya no deja entrar' : 'dejará de servir'} a lo que la usa.`,
    }),
    break_glass_used: ({ person }) => ({
      title: 'Se usó la cuenta de emergencia',
      body: `${person} entró con contraseña, sin el directorio de la empresa.`,
    }),
    other: () => ({
      title: 'Hay un problema en la instalación',
      body: 'Actualiza esta estación de trabajo para ver cuál es.',
    }),
    group: (count) => `Hay ${count} problemas en la instalación.`,
  },
  en: {
    channel_stopped: ({ account }) => ({
      title: 'A channel takes no messages',
      body: `${oneLine(account)} refuses everything that is sent. Replies are waiting.`,
    }),
    quarantine: () => ({
      title: 'Some of what came in was not processed',
      body: 'Part of what a channel sent is waiting in quarantine.',
    }),
    intake_behind: () => ({
      title: 'What comes in is processed late',
      body: 'Customers’ messages take more than a minute to appear.',
    }),
    audit_log: ({ seq }) => ({
      title: 'The audit log is not as it was written',
      body: `From entry ${seq} on it does not match its seal.`,
    }),
    sign_in_failures: ({ failures }) => ({
      title: 'Many attempts to sign in fail',
      body: `${failures} in a quarter of an hour: somebody is guessing passwords, or something is set up wrong.`,
    }),
    api_key_ending: ({ name, days }) => ({
      title: days === 0 ? 'An API key has ended' : 'An API key ends soon',
      body: `What uses “${oneLine(name)}” ${days === 0 ? 'is refused' : 'will be refused'}.`,
    }),
    break_glass_used: ({ person }) => ({
      title: 'The emergency account was used',
      body: `${person} signed in with a password, without the company’s directory.`,
    }),
    other: () => ({
      title: 'Something is wrong with the installation',
      body: 'Update this workstation to see what it is.',
    }),
    group: (count) => `The installation has ${count} problems.`,
  },
}

/** What is broken, as the operating system tells administrators: until it is over, or somebody has acknowledged it. */
export class ProblemNotifications {
  readonly #options: ProblemNotificationsOptions
  /** By problem, and the group. */
  readonly #shown: ShownNotifications
  readonly #grouped = new Set<string>()

  constructor(options: ProblemNotificationsOptions) {
    this.#options = options
    this.#shown = new ShownNotifications(options.log)
  }

  notify({ problems }: Notice<'problems'>): void {
    const words = WORDS[this.#options.language()]
    if (problems.length > MOST_SINGLE) {
      for (const { problemId } of problems) this.#grouped.add(problemId)
      this.#show(GROUP, { title: 'Parley', body: words.group(this.#grouped.size) })
      return
    }
    for (const problem of problems) this.#show(problem.problemId, textOf(words, problem))
  }

  over({ problemId }: Notice<'problem_over'>): void {
    this.#shown.close(problemId)
    if (this.#grouped.delete(problemId) && this.#grouped.size === 0) this.#shown.close(GROUP)
  }

  closeAll(): void {
    this.#grouped.clear()
    this.#shown.closeAll()
  }

  #show(name: string, text: { title: string; body: string }): void {
    this.#shown.show(name, text, { click: () => this.#options.showWindow() })
  }
}

function textOf(words: Words, { kind, details }: BrokenThing): { title: string; body: string } {
  // Kind and details belong together, which the compiler does not see through a table.
  return (words[kind] as (of: BrokenThing['details']) => { title: string; body: string })(details)
}
