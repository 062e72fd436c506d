import { type Channel, type Priority } from '@parley/domain'
import { z } from 'zod'

import { engineMethods, takes, takesNothing } from '../method.ts'
import { id } from '../primitives.ts'
import {
  type PresenceHistory,
  type QueueOutput,
  type ReplayOutput,
  type RoutingSettingsOutput,
  presenceHistoryInput,
  replayInput,
  saveRoutingSettingsInput,
  setCapacityInput,
  setFinishingInput,
  setPresenceInput,
  setPresenceOfInput,
  setSkillsInput,
  type skillsOutput,
  teamInput,
} from './api.ts'

/** A conversation that this person is asked to take now. */
export interface OfferView {
  id: string
  conversationId: string
  teamId: string
  /** The customer's name, or their number where there is no name. */
  title: string
  channel: Channel
  language: string | null
  priority: Priority
  /** The customer's newest words, or the channel's type of what is not text. */
  preview: { contentType: string; text: string }
  waitingSince: string | null
  offeredAt: string
  /** By the server's clock, as all instants; `ConnectionView.clockOffsetMs` corrects the device's. */
  expiresAt: string
  explanation: Record<string, unknown>
}

const offer = z.object({ offerId: id })

export const routingMethods = engineMethods({
  'presence.set': takes(setPresenceInput).gives<null>(),
  'presence.setFinishing': takes(setFinishingInput).gives<null>(),
  /** End of shift: nothing new, and what waits for me goes back to the queue. Needs the server. */
  'presence.endShift': takesNothing.gives<{ returned: number }>(),
  'presence.setOf': takes(setPresenceOfInput).gives<null>(),
  'presence.setCapacity': takes(setCapacityInput).gives<null>(),
  'presence.history': takes(presenceHistoryInput).gives<PresenceHistory>(),
  'people.skills': takesNothing.gives<z.infer<typeof skillsOutput>>(),
  'people.setSkills': takes(setSkillsInput).gives<null>(),
  /** Open offers to me, the one that ends first first. */
  'offers.list': takesNothing.shows<OfferView[]>(),
  /** The conversation, now one's own. */
  'offers.accept': takes(offer).gives<{ conversationId: string }>(),
  'offers.refuse': takes(offer).gives<null>(),
  /** These ask the server and fail with `server_unreachable` without it. */
  'routing.settings': takes(teamInput).gives<RoutingSettingsOutput>(),
  'routing.saveSettings': takes(saveRoutingSettingsInput).gives<RoutingSettingsOutput>(),
  'routing.queue': takes(teamInput).gives<QueueOutput>(),
  'routing.replay': takes(replayInput).gives<ReplayOutput>(),
})
