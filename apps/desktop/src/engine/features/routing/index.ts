import { type EngineFeature } from '../../feature.ts'
import { acceptOffer, refuseOffer } from './decide-offer.ts'
import { ROUTING_STEPS, areOffered, conversationsOffered, keptOffers } from './kept-offers.ts'
import { listOffers } from './list-offers.ts'
import { tellOffers } from './tell-offers.ts'

/** Offers to this person; presence, skills and the rules of routing, which are the server's. */
export const routing = {
  name: 'routing',
  steps: ROUTING_STEPS,
  kinds: [keptOffers],
  // An offer says what its customer wrote last.
  speaksOf: (cache, conversationIds) => (areOffered(cache, conversationIds) ? ['offer'] : []),
  listens: tellOffers,
  needs: conversationsOffered,
  handlers: (engine) => {
    const { ask, tell } = engine
    return {
      'offers.list': () => listOffers(engine.cache, engine.serverNowMs()),
      'offers.accept': ({ offerId }) => acceptOffer(engine, offerId),
      'offers.refuse': ({ offerId }) => refuseOffer(engine, offerId),
      'presence.set': (input) => tell((trpc) => trpc.presence.set.mutate(input)),
      'presence.setFinishing': (input) => tell((trpc) => trpc.presence.setFinishing.mutate(input)),
      'presence.endShift': () => ask((trpc) => trpc.presence.endShift.mutate()),
      'presence.setOf': (input) => tell((trpc) => trpc.presence.setOf.mutate(input)),
      'presence.setCapacity': (input) => tell((trpc) => trpc.presence.setCapacity.mutate(input)),
      'presence.history': (input) => ask((trpc) => trpc.presence.history.query(input)),
      'people.skills': () => ask((trpc) => trpc.people.skills.query()),
      'people.setSkills': (input) => tell((trpc) => trpc.people.setSkills.mutate(input)),
      'routing.settings': (input) => ask((trpc) => trpc.routing.settings.query(input)),
      'routing.saveSettings': (input) => ask((trpc) => trpc.routing.saveSettings.mutate(input)),
      'routing.queue': (input) => ask((trpc) => trpc.routing.queue.query(input)),
      'routing.replay': (input) => ask((trpc) => trpc.routing.replay.query(input)),
    }
  },
} satisfies EngineFeature
