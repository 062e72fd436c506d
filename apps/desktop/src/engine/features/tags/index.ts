import { type FeedItem, type TagRow, type TagsView } from '@parley/contracts'
import { byName, may, reachOf } from '@parley/domain'

import { type EngineCore, type EngineFeature } from '../../feature.ts'
import { newId } from '../../new-id.ts'
import { refusal } from '../../session/server-client.ts'
import { type Cache } from '../../store/cache.ts'
import { readTeams } from '../accounts/index.ts'
import {
  conversationTagOf,
  keptConversationTags,
  keptTagRules,
  keptTags,
  lastWish,
  tagRulesOf,
  tagsOf,
} from './kept-tags.ts'
import { TAG_STEPS, keepShownTags, shownTags } from './shown-tags.ts'
import { tagGuards, tagIntents } from './tag-intents.ts'
import { tagOperator } from './tag-operator.ts'

/** Labels on conversations: a set that is changed offline, too; of adding and removing at once, adding wins. */
export const tags = {
  name: 'tags',
  steps: TAG_STEPS,
  kinds: [keptTags, keptTagRules, keptConversationTags],
  intents: tagIntents,
  guards: tagGuards,
  settle: keepShownTags,
  rowMarks: {
    tagIds: (cache, conversations) => {
      const shown = shownTags(
        cache,
        conversations.map(({ id }) => id),
      )
      return conversations.map(({ id }) => shown.get(id) ?? [])
    },
  },
  operators: { tag: tagOperator },
  handlers: (engine) => ({
    'tags.list': () => listTags(engine.cache),
    'tags.add': ({ conversationId, tagId }) =>
      engine.intend(conversationId, { kind: 'add_tag', tagId, name: nameOf(engine, tagId) }),
    'tags.drop': ({ conversationId, tagId }) => {
      const { cache } = engine
      // What is to go is then what this person has put on and nobody else has seen.
      const isOwn = lastWish(cache, conversationId, tagId) === 'add_tag'
      const had = isOwn ? null : conversationTagOf(cache, conversationId, tagId)
      return engine.intend(conversationId, {
        kind: 'drop_tag',
        tagId,
        name: nameOf(engine, tagId),
        seen: had && { id: had.id, version: had.version },
      })
    },
    'tags.create': async (fields) => {
      const id = newId()
      await engine.take((trpc) => trpc.tags.create.mutate({ ...fields, id }), putTag)
      return { tagId: id }
    },
    'tags.save': async (fields) => {
      await engine.take((trpc) => trpc.tags.save.mutate(fields), putTag)
      return null
    },
    'tags.remove': async ({ id }) => {
      await engine.take(
        (trpc) => trpc.tags.remove.mutate({ id }),
        () => [{ op: 'remove', kind: 'tag', id }],
      )
      return null
    },
    'tags.setRule': async (rule) => {
      await engine.take(
        (trpc) => trpc.tags.setRule.mutate(rule),
        (answer) => [{ op: 'put', kind: 'tag_rule', row: answer.rule }],
      )
      return null
    },
  }),
} satisfies EngineFeature

const putTag = ({ tag }: { tag: TagRow }): FeedItem[] => [{ op: 'put', kind: 'tag', row: tag }]

function listTags(cache: Cache): TagsView {
  const { actor } = cache
  const mayManage = (teamId: string | null): boolean =>
    may(actor, 'tag.manage', { teamId, assignedTo: null })
  const own = readTeams(cache).filter(({ id, isActive }) => isActive && mayManage(id))
  return {
    tags: tagsOf(cache)
      .map((tag) => ({ ...tag, mayManage: mayManage(tag.teamId) }))
      .toSorted((a, b) => byName(a.name, b.name)),
    requiredIn: tagRulesOf(cache)
      .filter(({ requiredOnClose }) => requiredOnClose)
      .map(({ id }) => id),
    mayCreateFor: [
      ...(reachOf(actor.role, 'tag.manage') === 'all' ? [null] : []),
      ...own.map(({ id }) => id),
    ],
  }
}

/** @throws Refusal `not_found` */
function nameOf({ cache }: EngineCore, tagId: string): string {
  const tag = tagsOf(cache).find(({ id }) => id === tagId)
  if (tag === undefined) throw refusal('not_found')
  return tag.name
}
