import { type EngineFeature } from '../../feature.ts'
import { newId } from '../../new-id.ts'

/** What administrators see of people is the server's alone; whom everybody may know comes with `accounts`. */
export const people = {
  name: 'people',
  handlers: ({ ask, tell }) => ({
    'people.find': (input) => ask((trpc) => trpc.people.find.query(input)),
    'people.invite': (input) => ask((trpc) => trpc.people.invite.mutate(input)),
    'people.makeLink': (input) => ask((trpc) => trpc.people.makeLink.mutate(input)),
    'people.save': (input) => tell((trpc) => trpc.people.save.mutate(input)),
    'people.setRole': (input) => tell((trpc) => trpc.people.setRole.mutate(input)),
    'people.setTeams': (input) => tell((trpc) => trpc.people.setTeams.mutate(input)),
    'people.setActive': (input) => tell((trpc) => trpc.people.setActive.mutate(input)),
    'people.removeSecondFactor': (input) =>
      tell((trpc) => trpc.people.removeSecondFactor.mutate(input)),
    'people.takeOver': (input) => tell((trpc) => trpc.people.takeOver.mutate(input)),
    'people.giveBack': (input) => tell((trpc) => trpc.people.giveBack.mutate(input)),
    'groups.mappings': () => ask((trpc) => trpc.groups.mappings.query()),
    'groups.saveMappings': (input) => ask((trpc) => trpc.groups.saveMappings.mutate(input)),
    'sessions.find': (input) => ask((trpc) => trpc.sessions.find.query(input)),
    'sessions.end': (input) => tell((trpc) => trpc.sessions.end.mutate(input)),
    'teams.list': () => ask((trpc) => trpc.teams.list.query()),
    'teams.create': (input) => tell((trpc) => trpc.teams.create.mutate({ id: newId(), ...input })),
    'teams.save': (input) => tell((trpc) => trpc.teams.save.mutate(input)),
    'teams.setActive': (input) => tell((trpc) => trpc.teams.setActive.mutate(input)),
    'teams.moveOpen': (input) => ask((trpc) => trpc.teams.moveOpen.mutate(input)),
    'signOn.providers': () => ask((trpc) => trpc.signOn.providers.query()),
    'signOn.save': (input) =>
      tell((trpc) => trpc.signOn.save.mutate({ ...input, id: input.id ?? newId() })),
    'signOn.remove': (input) => tell((trpc) => trpc.signOn.remove.mutate(input)),
    'signOn.check': (input) => ask((trpc) => trpc.signOn.check.mutate(input)),
    'signOn.setBreakGlass': (input) => tell((trpc) => trpc.signOn.setBreakGlass.mutate(input)),
    'signOn.unlink': (input) => tell((trpc) => trpc.signOn.unlink.mutate(input)),
    'security.policy': () => ask((trpc) => trpc.security.policy.query()),
    'security.savePolicy': (input) => ask((trpc) => trpc.security.savePolicy.mutate(input)),
  }),
} satisfies EngineFeature
