import { z } from 'zod'

import * as accounts from './accounts/index.ts'
import * as apiKeys from './api-keys/index.ts'
import * as audit from './audit/index.ts'
import * as conversations from './conversations/index.ts'
import { appError } from './errors.ts'
import * as inbox from './inbox/index.ts'
import * as messaging from './messaging/index.ts'
import * as people from './people/index.ts'
import { id } from './primitives.ts'
import * as problems from './problems/index.ts'
import * as reads from './reads/index.ts'
import { KINDS } from './registry.ts'
import * as routing from './routing/index.ts'
import * as search from './search/index.ts'
import * as signOn from './sign-on/index.ts'
import * as sla from './sla/index.ts'
import { bootstrapPage, feedBatch, feedItem, feedMessage, putItem } from './sync/feed.ts'
import * as tags from './tags/index.ts'
import * as triage from './triage/index.ts'
import { wallboardView } from './wallboard/index.ts'

/**
 * What a workstation takes for an answer, by procedure: whatever else comes is none, and changes nothing. A procedure
 * that is not named here cannot be asked.
 */

const KNOWN_KINDS: ReadonlySet<unknown> = new Set(KINDS.map(({ kind }) => kind))

/** Of a kind that only a newer server knows: passed over. */
const isOfKnownKind = (item: unknown): boolean => {
  const kind = (item as { kind?: unknown } | null)?.kind
  return typeof kind !== 'string' || KNOWN_KINDS.has(kind)
}
const known = <Item extends z.ZodType>(item: Item) =>
  z
    .array(z.unknown())
    .transform((items) => items.filter(isOfKnownKind))
    .pipe(z.array(item))

const feedItems = known(feedItem)
const feedAnswer = z.union([
  z.object({ type: z.literal('batch'), batch: feedBatch.extend({ items: feedItems }) }),
  feedMessage,
])
/** A subscription's answers come each with the place that it goes on from. */
const following = z.object({ id: z.string(), data: feedAnswer })

const done = z.null()
const conversation = conversations.conversationOutput

export const ANSWERS = {
  'session.signIn': accounts.signInOutput,
  'session.refresh': accounts.tokens,
  'session.signOut': done,
  'session.me': accounts.personRow,
  'session.lookAtLink': accounts.lookAtLinkOutput,
  'session.useLink': accounts.signInOutput,
  'accounts.presence': accounts.presenceOutput,
  'accounts.own': accounts.accountOutput,
  'accounts.changePassword': done,
  'accounts.beginSecondFactor': accounts.secondFactorSetup,
  'accounts.confirmSecondFactor': accounts.recoveryCodesOutput,
  'accounts.removeSecondFactor': done,
  'accounts.renewRecoveryCodes': accounts.recoveryCodesOutput,

  'sync.bootstrap': bootstrapPage.extend({ items: known(putItem) }),
  'sync.conversations': feedItems,
  'sync.feed': following,

  'conversations.claim': conversation,
  'conversations.claimNext': conversation,
  'conversations.assign': conversation,
  'conversations.transfer': conversation,
  'conversations.release': conversation,
  'conversations.takeOver': conversation,
  'conversations.close': conversation,
  'conversations.reopen': conversation,
  'conversations.undo': conversation,
  'conversations.setPriority': conversation,
  'conversations.history': conversations.historyOutput,
  'messages.send': messaging.messageOutput,
  'messages.retry': messaging.messageOutput,
  'messages.settle': messaging.messageOutput,
  'reads.mark': reads.markReadsOutput,
  'tags.create': tags.tagOutput,
  'tags.save': tags.tagOutput,
  'tags.remove': done,
  'tags.setRule': tags.tagRuleOutput,
  'tags.add': tags.conversationTagOutput,
  'tags.drop': tags.dropTagOutput,

  'lists.page': z.object({
    sections: z.array(
      z.object({
        key: z.enum(inbox.INBOX_SECTIONS),
        teamId: id.nullable(),
        ids: z.array(id),
        total: z.int().nonnegative(),
        next: z.string().nullable(),
      }),
    ),
    total: z.int().nonnegative(),
    items: feedItems,
  }),
  'lists.ofCustomer': z.object({ ids: z.array(id), items: feedItems }),
  'lists.counts': z.object({ inbox: inbox.inboxCounts, wallboard: wallboardView }),
  'search.query': z.object({
    hits: z.array(search.searchHit),
    items: feedItems,
    isComplete: z.boolean(),
  }),

  'alerts.acknowledge': done,
  'alerts.savePreferences': done,
  'problems.acknowledge': problems.problemOutput,

  'presence.set': done,
  'presence.setFinishing': done,
  'presence.setOf': done,
  'presence.setCapacity': done,
  'presence.report': done,
  'presence.endShift': routing.endShiftOutput,
  'presence.history': routing.presenceHistoryOutput,
  'people.find': people.peopleOutput,
  'people.invite': people.linkOutput,
  'people.makeLink': people.linkOutput,
  'people.save': done,
  'people.setRole': done,
  'people.setTeams': done,
  'people.setActive': done,
  'people.removeSecondFactor': done,
  'people.takeOver': done,
  'people.giveBack': done,
  'groups.mappings': people.groupMappingsOutput,
  'groups.saveMappings': people.groupMappingsOutput,
  'sessions.find': people.sessionsOutput,
  'sessions.end': done,
  'teams.list': people.teamsOutput,
  'teams.create': done,
  'teams.save': done,
  'teams.setActive': done,
  'teams.moveOpen': people.moveOpenOutput,
  'signOn.options': signOn.signOnOptionsOutput,
  'signOn.useTicket': accounts.signInOutput,
  'signOn.providers': signOn.providersOutput,
  'signOn.save': done,
  'signOn.remove': done,
  'signOn.check': signOn.checkProviderOutput,
  'signOn.setBreakGlass': done,
  'signOn.unlink': done,
  'security.policy': people.securityPolicyOutput,
  'security.savePolicy': people.securityPolicyOutput,
  'audit.find': audit.auditOutput,
  'apiKeys.list': apiKeys.apiKeysOutput,
  'apiKeys.create': apiKeys.createdApiKey,
  'apiKeys.rotate': apiKeys.createdApiKey,
  'apiKeys.revoke': done,
  'audit.beginExport': done,
  'audit.exportPage': audit.exportPageOutput,

  'people.skills': routing.skillsOutput,
  'people.setSkills': done,
  'offers.accept': routing.acceptedOutput,
  'offers.refuse': done,
  'routing.settings': routing.routingSettingsOutput,
  'routing.saveSettings': routing.routingSettingsOutput,
  'routing.queue': routing.queueOutput,
  'routing.replay': routing.replayOutput,

  'sla.settings': sla.slaSettingsOutput,
  'sla.previewSettings': sla.slaEffect,
  'sla.saveSettings': sla.slaSettingsOutput,
  'reports.violations': sla.violationsOutput,
  'reports.hourFigures': sla.hourFiguresOutput,
  'businessHours.get': sla.businessHoursOutput,
  'businessHours.preview': sla.slaEffect,
  'businessHours.save': sla.businessHoursOutput,

  'triage.getRules': triage.getRulesOutput,
  'triage.ruleVersions': triage.ruleVersionsOutput,
  'triage.saveRules': triage.saveRulesOutput,
  'triage.saveSettings': triage.saveTriageSettingsOutput,
  'triage.dryRun': triage.dryRunOutput,
  'triage.getModel': triage.getModelOutput,
  'triage.saveModel': done,
  'triage.testModel': triage.testModelOutput,
} as const satisfies Record<string, z.ZodType>

/** A refusal. A newer server may have codes that this build has no words for: they are refusals all the same. */
export const refusalAnswer = appError.extend({ code: z.string().max(100) })
