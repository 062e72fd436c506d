import {
  PROTOCOL_VERSION,
  type LookAtLinkOutput,
  type SignInOutput,
  type SignOnOptions,
} from '@parley/contracts'

import { type EngineHost } from '../host.ts'
import { newId } from '../new-id.ts'
import { BrowserSignOn } from '../browser/browser-sign-on.ts'
import { type KeptAccount } from './kept-account.ts'
import { askOnce } from './server-client.ts'

export interface SignInInput {
  serverUrl: string
  email: string
  password: string
  code: string | null
}

export interface LinkInput {
  serverUrl: string
  token: string
}

export type UseLinkInput = LinkInput & Pick<SignInInput, 'password' | 'code'>

export interface SignOnInput {
  serverUrl: string
  providerId: string
}

/** Whom a server has let in on this device. */
export interface LetIn {
  serverUrl: string
  deviceId: string
  answer: SignInOutput
}

/** The ways in: each asks a server whether it lets somebody in, and changes nothing here. */
export class Entrance {
  readonly #host: EngineHost
  readonly #account: KeptAccount
  readonly #addressToEnter: (typed: string) => string
  readonly #browser: BrowserSignOn

  /** @param addressToEnter throws where nobody may be let in now, or not there */
  constructor(host: EngineHost, account: KeptAccount, addressToEnter: (typed: string) => string) {
    this.#host = host
    this.#account = account
    this.#addressToEnter = addressToEnter
    this.#browser = new BrowserSignOn(host)
  }

  async signIn({ serverUrl: typed, email, password, code }: SignInInput): Promise<LetIn> {
    const serverUrl = this.#addressToEnter(typed)
    const arrival = {
      ...this.#arrival(),
      code,
      deviceSecret: this.#account.secretOf(serverUrl, email),
    }
    const answer = await askOnce(serverUrl, (trpc) =>
      trpc.session.signIn.mutate({ email, password, ...arrival }),
    )
    return { serverUrl, deviceId: arrival.device.id, answer }
  }

  /** Whose link this is, and for what. */
  async lookAtLink({ serverUrl: typed, token }: LinkInput): Promise<LookAtLinkOutput> {
    const serverUrl = this.#addressToEnter(typed)
    return await askOnce(serverUrl, (trpc) => trpc.session.lookAtLink.query({ token }))
  }

  /** Chooses the password that the link is for. */
  async useLink({ serverUrl: typed, token, password, code }: UseLinkInput): Promise<LetIn> {
    const serverUrl = this.#addressToEnter(typed)
    // Nobody was signed in by it before.
    const arrival = { ...this.#arrival(), code, deviceSecret: null }
    const answer = await askOnce(serverUrl, (trpc) =>
      trpc.session.useLink.mutate({ token, password, ...arrival }),
    )
    return { serverUrl, deviceId: arrival.device.id, answer }
  }

  async signOnOptions({
    serverUrl: typed,
  }: Pick<SignOnInput, 'serverUrl'>): Promise<SignOnOptions> {
    return await askOnce(this.#addressToEnter(typed), (trpc) => trpc.signOn.options.query())
  }

  /** By the system's browser. */
  async signOn({ serverUrl: typed, providerId }: SignOnInput): Promise<LetIn> {
    const serverUrl = this.#addressToEnter(typed)
    const broughtBack = await this.#browser.wait(serverUrl, providerId)
    // Minutes have passed.
    this.#addressToEnter(typed)
    const arrival = this.#arrival()
    const answer = await askOnce(serverUrl, (trpc) =>
      trpc.signOn.useTicket.mutate({ ...broughtBack, ...arrival }),
    )
    return { serverUrl, deviceId: arrival.device.id, answer }
  }

  cancelSignOn(): void {
    this.#browser.cancel()
  }

  #arrival() {
    const id = this.#account.current?.deviceId ?? newId()
    return {
      device: { id, name: this.#host.deviceName, platform: this.#host.platform },
      protocolVersion: PROTOCOL_VERSION,
    }
  }
}
