/**
 * The tables and views of Parley's database, generated from the migrations. Do not edit:
 * node scripts/run.mjs packages/database/src/cli/generate-types.ts
 */

import type { ColumnType } from "kysely";

export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

export type Int8 = ColumnType<string, bigint | number | string, bigint | number | string>;

export type Json = JsonValue;

export type JsonArray = JsonValue[];

export type JsonObject = {
  [x: string]: JsonValue | undefined;
};

export type JsonPrimitive = boolean | number | string | null;

export type JsonValue = JsonArray | JsonObject | JsonPrimitive;

export type Numeric = ColumnType<string, number | string, number | string>;

export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export interface AccountLinks {
  created_at: Generated<Timestamp>;
  ended_at: Timestamp | null;
  expires_at: Timestamp;
  hash: Buffer;
  purpose: string;
  user_id: string;
}

export interface AgentPresence {
  capacity: Generated<number>;
  chosen_reason: string | null;
  chosen_status: Generated<string>;
  is_connected: Generated<boolean>;
  is_finishing: Generated<boolean>;
  last_assigned_at: Timestamp | null;
  last_seen_at: Timestamp | null;
  missed_offers: Generated<number>;
  reason: string | null;
  set_by: string | null;
  since: Generated<Timestamp>;
  status: Generated<string>;
  user_id: string;
  version: Generated<Int8>;
  wrap_up_until: Timestamp | null;
}

export interface AgentSkills {
  created_at: Generated<Timestamp | null>;
  id: Generated<string>;
  proficiency_level: number;
  skill_name: string;
  user_id: string;
  verified_by: string | null;
}

export interface AgentStats {
  avg_frt_seconds: number | null;
  avg_resolution_seconds: number | null;
  conversations_handled: Generated<number | null>;
  created_at: Generated<Timestamp | null>;
  date: string;
  id: Generated<string>;
  messages_sent: Generated<number | null>;
  user_id: string;
}

export interface AiToolAuditLogs {
  conversation_id: string;
  created_at: Generated<Timestamp | null>;
  denial_reason: string | null;
  executed_by: Generated<string | null>;
  id: Generated<string>;
  input_params: Json;
  output_result: Json | null;
  status: string;
  tool_name: string;
}

export interface AlertPreferences {
  preferences: Json;
  updated_at: Generated<Timestamp>;
  user_id: string;
  version: Generated<Int8>;
}

export interface Alerts {
  acknowledged_by: string | null;
  clock: string;
  conversation_id: string;
  due_at: Timestamp;
  end_reason: string | null;
  ended_at: Timestamp | null;
  escalation_id: string | null;
  id: Generated<string>;
  kind: string;
  level: number | null;
  raised_at: Generated<Timestamp>;
  rises_at: Timestamp | null;
  subject_id: string;
  team_id: string | null;
  user_id: string;
  version: Generated<Int8>;
}

export interface ApiKeys {
  allowed_addresses: Generated<string[]>;
  created_at: Generated<Timestamp>;
  expires_at: Timestamp;
  hash: Buffer;
  id: string;
  last_used_at: Timestamp | null;
  name: string;
  owner_id: string;
  replaces: string | null;
  revoked_at: Timestamp | null;
  scopes: string[];
}

export interface AuditChain {
  epoch: string | null;
  hash: Generated<Buffer>;
  is_only: Generated<boolean>;
  pruned_hash: Generated<Buffer>;
  pruned_seq: Generated<Int8>;
  seq: Generated<Int8>;
}

export interface AuditLog {
  action: string;
  actor_id: string | null;
  actor_kind: string;
  address: string | null;
  after: Json | null;
  at: Timestamp;
  before: Json | null;
  hash: Buffer;
  key_id: string;
  request_id: string | null;
  seq: Int8;
  session_id: string | null;
  target_id: string | null;
  target_kind: string | null;
}

export interface BusinessHours {
  close_time: string;
  day_of_week: number;
  id: Generated<string>;
  is_active: Generated<boolean | null>;
  open_time: string;
  team_id: string;
  timezone: Generated<string | null>;
}

export interface CannedResponses {
  category: string | null;
  content: string;
  created_at: Generated<Timestamp | null>;
  created_by: string;
  id: Generated<string>;
  language: Generated<string | null>;
  owner_id: string | null;
  shortcut: string;
  team_id: string | null;
  title: string;
  updated_at: Generated<Timestamp | null>;
  usage_count: Generated<number | null>;
  version: Generated<Int8>;
}

export interface Changes {
  created_at: Generated<Timestamp>;
  entity: string;
  entity_id: string;
  everyone: Generated<boolean>;
  intent_id: string | null;
  number: Generated<Int8>;
  team_after: string | null;
  team_before: string | null;
  transaction: Generated<string>;
  user_after: string | null;
  user_before: string | null;
  version: Int8;
}

export interface ChannelAccounts {
  channel: string;
  created_at: Generated<Timestamp>;
  display_name: string;
  external_id: string;
  id: Generated<string>;
  is_active: Generated<boolean>;
  next_probe_at: Timestamp | null;
  stopped_at: Timestamp | null;
  stopped_reason: string | null;
}

export interface ClosedNotices {
  customer_id: string;
  team_id: string;
  told_at: Timestamp;
}

export interface ConversationAssignments {
  assigned_at: Generated<Timestamp>;
  assigned_by: string | null;
  conversation_id: string;
  end_reason: string | null;
  ended_at: Timestamp | null;
  explanation: Generated<Json>;
  id: Generated<string>;
  method: string;
  team_id: string | null;
  user_id: string;
}

export interface ConversationEvents {
  actor_id: string | null;
  actor_type: string | null;
  conversation_id: string;
  created_at: Generated<Timestamp | null>;
  event_type: string;
  id: Generated<string>;
  metadata: Generated<Json | null>;
  new_value: Json | null;
  old_value: Json | null;
  seq: Generated<Int8>;
}

export interface ConversationNotes {
  author_id: string;
  content: string;
  conversation_id: string;
  created_at: Generated<Timestamp | null>;
  id: Generated<string>;
  is_pinned: Generated<boolean | null>;
  updated_at: Generated<Timestamp | null>;
}

export interface ConversationPauses {
  conversation_id: string;
  ended_at: Timestamp | null;
  id: Generated<Int8>;
  kind: string;
  started_at: Timestamp;
}

export interface Conversations {
  assigned_at: Timestamp | null;
  assigned_to: string | null;
  channel: string;
  channel_account_id: string;
  close_reason: string | null;
  closed_at: Timestamp | null;
  closed_by: string | null;
  created_at: Generated<Timestamp | null>;
  customer_id: string;
  first_message_at: Timestamp | null;
  first_response_at: Timestamp | null;
  id: Generated<string>;
  language: string | null;
  last_agent_id: string | null;
  last_inbound_at: Timestamp | null;
  last_message_at: Timestamp | null;
  metadata: Generated<Json | null>;
  moved_by_time_at: Timestamp | null;
  next_due_at: Timestamp | null;
  priority: Generated<string | null>;
  queued_at: Timestamp | null;
  reply_identity_id: string | null;
  required_skills: Generated<Json>;
  snoozed_until: Timestamp | null;
  status: Generated<string>;
  team_id: string | null;
  told_closed_at: Timestamp | null;
  updated_at: Generated<Timestamp | null>;
  version: Generated<Int8>;
  waiting_since: Timestamp | null;
}

export interface ConversationTags {
  added_by: string | null;
  conversation_id: string;
  created_at: Generated<Timestamp | null>;
  id: Generated<string>;
  tag_id: string;
  version: Generated<Int8>;
}

export interface CustomerIdentities {
  canonical: Generated<string>;
  channel: string;
  confidence: Generated<string>;
  created_at: Generated<Timestamp | null>;
  customer_id: string;
  external_id: string;
  id: Generated<string>;
  is_primary: Generated<boolean | null>;
  kind: string;
  last_seen_at: Generated<Timestamp>;
  linked_by: string | null;
  valid_from: Generated<Timestamp>;
  verified_at: Timestamp | null;
}

export interface CustomerIdentityHistory {
  canonical: Generated<string>;
  channel: string;
  confidence: string;
  customer_id: string;
  ended_at: Timestamp;
  external_id: string;
  id: Generated<string>;
  kind: string;
  reason: string;
  valid_from: Timestamp;
}

export interface CustomerMerges {
  before: Json;
  evidence: Generated<Json>;
  id: Generated<string>;
  kind: string;
  made_at: Generated<Timestamp>;
  made_by: string | null;
  merged_id: string;
  reason: string;
  survivor_id: string;
  undone_at: Timestamp | null;
  undone_by: string | null;
}

export interface Customers {
  channel: string;
  created_at: Generated<Timestamp | null>;
  external_id: string;
  id: Generated<string>;
  merged_into_id: string | null;
  metadata: Generated<Json | null>;
  name: string | null;
  name_source: Generated<string>;
  updated_at: Generated<Timestamp | null>;
  version: Generated<Int8>;
}

export interface CustomerSearch {
  customer_id: string;
  words: string;
}

export interface DevicePresence {
  connection_id: string | null;
  last_seen_at: Generated<Timestamp>;
  session_id: string;
  state: Generated<string>;
  user_id: string;
}

export interface Devices {
  created_at: Generated<Timestamp>;
  id: string;
  name: string;
  platform: string;
}

export interface DirectoryGroupMembers {
  group_id: string;
  user_id: string;
}

export interface DirectoryGroups {
  changed_at: Generated<Timestamp>;
  created_at: Generated<Timestamp>;
  display_name: string;
  external_id: string | null;
  id: string;
}

export interface DirectoryPeople {
  changed_at: Generated<Timestamp>;
  deleted_at: Timestamp | null;
  display_name: string | null;
  external_id: string | null;
  family_name: string | null;
  formatted_name: string | null;
  given_name: string | null;
  is_active: Generated<boolean>;
  user_id: string;
  user_name: string;
}

export interface Escalations {
  acknowledged_at: Timestamp | null;
  acknowledged_by: string | null;
  conversation_id: string;
  end_reason: string | null;
  ended_at: Timestamp | null;
  escalated_at: Generated<Timestamp>;
  escalated_to: string | null;
  id: Generated<string>;
  level: Generated<number>;
  next_step_at: Timestamp | null;
  team_id: string | null;
  waiting_since: Timestamp;
}

export interface FeedState {
  epoch: Generated<string>;
  horizon: Generated<string>;
  only_row: Generated<boolean>;
}

export interface GroupMappingList {
  is_only: Generated<boolean>;
  version: Generated<number>;
}

export interface GroupMappings {
  name: string;
  role: string | null;
  team_id: string | null;
}

export interface GroupRightsDue {
  user_id: string;
}

export interface HeldNews {
  clock: string;
  conversation_id: string;
  due_at: Timestamp;
  held_until: Timestamp;
  kind: string;
}

export interface IdentityProviders {
  client_id: string;
  client_secret: Buffer | null;
  created_at: Generated<Timestamp>;
  creates_people: Generated<boolean>;
  default_role: Generated<string>;
  groups_claim: string | null;
  id: string;
  is_active: Generated<boolean>;
  is_forced: Generated<boolean>;
  issuer: string;
  key_id: string | null;
  name: string;
  trusts_email: Generated<boolean>;
  version: Generated<number>;
}

export interface IntegrationConfigs {
  created_at: Generated<Timestamp | null>;
  credentials_encrypted: Buffer;
  id: Generated<string>;
  is_active: Generated<boolean | null>;
  key_id: string;
  name: string;
  type: string;
  updated_at: Generated<Timestamp | null>;
}

export interface IntegrationLogs {
  created_at: Generated<Timestamp | null>;
  duration_ms: number | null;
  error: string | null;
  id: Generated<string>;
  integration_name: string;
  operation: string;
  request_payload: Json | null;
  response_payload: Json | null;
  status_code: number | null;
}

export interface Intents {
  conversation_id: string | null;
  created_at: Generated<Timestamp>;
  event_id: string | null;
  id: string;
  procedure: string;
  stood_before: Json | null;
  user_id: string;
}

export interface InternalMessages {
  content: string;
  created_at: Generated<Timestamp | null>;
  id: Generated<string>;
  sender_id: string;
  thread_id: string;
}

export interface InternalThreadMembers {
  id: Generated<string>;
  joined_at: Generated<Timestamp | null>;
  last_read_at: Timestamp | null;
  thread_id: string;
  user_id: string;
}

export interface InternalThreads {
  created_at: Generated<Timestamp | null>;
  created_by: string;
  id: Generated<string>;
  is_archived: Generated<boolean | null>;
  title: string | null;
  updated_at: Generated<Timestamp | null>;
}

export interface KnownDevices {
  device_id: string;
  secret_hash: Buffer;
  user_id: string;
}

export interface MediaFiles {
  channel_media_id: string | null;
  created_at: Generated<Timestamp | null>;
  expires_at: Timestamp | null;
  file_size_bytes: Int8 | null;
  id: Generated<string>;
  media_type: string;
  message_id: string;
  mime_type: string | null;
  original_filename: string | null;
  storage_key: string | null;
  storage_url: string;
  thumbnail_url: string | null;
}

export interface MessageAttempts {
  channel_message_id: string | null;
  conversation_id: string;
  created_at: Generated<Timestamp>;
  delivered_at: Timestamp | null;
  detail: string | null;
  failed_reason: string | null;
  id: string;
  message_id: string;
  message_seq: Int8;
  next_try_at: Timestamp | null;
  number: number;
  read_at: Timestamp | null;
  refusals: Generated<number>;
  sending_by: string | null;
  sending_since: Timestamp | null;
  sent_at: Timestamp | null;
  sent_to: string | null;
  state: Generated<string>;
  tries: Generated<number>;
}

export interface Messages {
  ambiguous_at: Timestamp | null;
  channel_message_id: string | null;
  content_media_url: string | null;
  content_metadata: Generated<Json | null>;
  content_text: string | null;
  content_type: Generated<string>;
  conversation_id: string;
  created_at: Generated<Timestamp | null>;
  delivered_at: Timestamp | null;
  direction: string;
  discarded_at: Timestamp | null;
  failed_reason: string | null;
  id: Generated<string>;
  is_quiet: Generated<boolean>;
  metadata: Generated<Json | null>;
  read_at: Timestamp | null;
  reply_to_id: string | null;
  retry_count: Generated<number | null>;
  sender_id: string | null;
  sender_type: string;
  sent_at: Generated<Timestamp | null>;
  seq: Generated<Int8>;
  settled_as: string | null;
  status: Generated<string | null>;
  version: Generated<Int8>;
}

export interface MessageSearch {
  conversation_id: string;
  message_id: string;
  seq: Int8;
  words: string;
}

export interface Offers {
  conversation_id: string;
  decided_at: Timestamp | null;
  expires_at: Timestamp;
  explanation: Json;
  id: Generated<string>;
  offered_at: Generated<Timestamp>;
  outcome: Generated<string>;
  team_id: string;
  user_id: string;
  version: Generated<Int8>;
}

export interface ParkedReceipts {
  channel_message_id: string;
  failed_reason: string | null;
  occurred_at: Timestamp;
  parked_at: Generated<Timestamp>;
  status: string;
}

export interface PersonRows {
  email: string | null;
  full_name: string | null;
  id: string | null;
  is_active: boolean | null;
  role: string | null;
  team_ids: string[] | null;
  version: Int8 | null;
}

export interface PresenceHistory {
  capacity: number;
  ended_at: Timestamp | null;
  id: Generated<Int8>;
  is_finishing: boolean;
  reason: string | null;
  set_by: string | null;
  started_at: Timestamp;
  status: string;
  transaction: Generated<string>;
  user_id: string;
}

export interface Problems {
  acknowledged_at: Timestamp | null;
  acknowledged_by: string | null;
  count: Generated<Int8>;
  details: Generated<Json>;
  ended_at: Timestamp | null;
  first_at: Generated<Timestamp>;
  id: Generated<string>;
  kind: string;
  last_at: Generated<Timestamp>;
  subject: Generated<string>;
  version: Generated<Int8>;
}

export interface ProviderLogouts {
  expires_at: Timestamp;
  provider_id: string;
  provider_session: string | null;
  said_at: Timestamp;
  subject: string | null;
  token_id: string;
}

export interface QuarantinedUpdates {
  created_at: Generated<Timestamp>;
  detail: string;
  id: Generated<string>;
  path: string;
  reason: string;
  resolved_at: Timestamp | null;
  tried_at: Generated<Timestamp>;
  tries: Generated<number>;
  webhook_body_id: Int8;
}

export interface QueueSamples {
  queued: number;
  sampled_at: Timestamp;
  team_id: string;
}

export interface QueueSummary {
  count: Int8 | null;
  oldest_conversation: Timestamp | null;
  status: string | null;
  team_id: string | null;
}

export interface RateLimitBuckets {
  bucket_type: string;
  count: Generated<number | null>;
  created_at: Generated<Timestamp | null>;
  customer_id: string;
  id: Generated<string>;
  is_blocked: Generated<boolean | null>;
  window_end: Timestamp;
  window_start: Timestamp;
}

export interface ReadMarks {
  conversation_id: string;
  created_at: Generated<Timestamp>;
  id: Generated<string>;
  seq: Int8;
  turn: Generated<number>;
  user_id: string;
  version: Generated<Int8>;
}

export interface RecoveryCodes {
  hash: Buffer;
  used_at: Timestamp | null;
  user_id: string;
}

export interface RefreshTokens {
  hash: Buffer;
  issued_at: Generated<Timestamp>;
  predecessor: Buffer | null;
  retired_at: Timestamp | null;
  rotated_at: Timestamp | null;
  session_id: string;
}

export interface SearchProgress {
  cursor: string | null;
  customers_after: string | null;
  messages_before: string | null;
  only_row: Generated<boolean>;
}

export interface SecondFactors {
  confirmed_at: Timestamp | null;
  key_id: string;
  last_step: Generated<Int8>;
  secret: Buffer;
  user_id: string;
}

export interface SecurityPolicy {
  break_glass_user_id: string | null;
  is_only: Generated<boolean>;
  password_min_length: Generated<number>;
  second_factor_roles: Generated<string[]>;
  session_idle_minutes: Generated<number>;
  session_lifetime_minutes: Generated<number>;
  version: Generated<number>;
}

export interface ServerProcesses {
  id: string;
  seen_at: Generated<Timestamp>;
  started_at: Generated<Timestamp>;
}

export interface Sessions {
  address: string | null;
  created_at: Generated<Timestamp>;
  device_id: string;
  end_reason: string | null;
  ended_at: Timestamp | null;
  id: Generated<string>;
  last_used_at: Generated<Timestamp>;
  provider_id: string | null;
  provider_session: string | null;
  subject: string | null;
  user_id: string;
}

export interface SignInAttempts {
  expire: Int8 | null;
  key: string;
  points: Generated<number>;
}

export interface SignOnAttempts {
  browser_hash: Buffer;
  challenge: Buffer;
  expires_at: Timestamp;
  key_id: string;
  nonce: string;
  port: number;
  provider_id: string;
  state_hash: Buffer;
  verifier: Buffer;
}

export interface SignOnDomains {
  domain: string;
  provider_id: string;
}

export interface SignOnTickets {
  challenge: Buffer;
  expires_at: Timestamp;
  hash: Buffer;
  provider_id: string;
  provider_session: string | null;
  signed_on_at: Timestamp;
  subject: string;
  user_id: string;
}

export interface SlaPolicies {
  created_at: Generated<Timestamp | null>;
  escalation_after_seconds: number | null;
  frt_target_seconds: number;
  id: Generated<string>;
  is_active: Generated<boolean | null>;
  priority: string;
  resolution_target_seconds: number;
  team_id: string;
}

export interface SlaRecomputes {
  after_id: string | null;
  requested_at: Generated<Timestamp>;
  team_id: string;
}

export interface SlaTimers {
  clock: string;
  conversation_id: string;
  due_at: Timestamp | null;
  fired_at: Timestamp | null;
  is_missed: Generated<boolean>;
  next_at: Timestamp | null;
  sla_policy_id: string;
  started_at: Timestamp;
  state: string;
  stopped_at: Timestamp | null;
  target_seconds: number;
  took_seconds: number | null;
  warned_at: Timestamp | null;
  warns_at: Timestamp | null;
}

export interface SlaViolations {
  actual_seconds: number;
  assigned_to: string | null;
  breached_at: Timestamp | null;
  conversation_id: string;
  created_at: Generated<Timestamp | null>;
  escalated_at: Timestamp | null;
  escalated_to: string | null;
  id: Generated<string>;
  is_final: Generated<boolean>;
  priority: string | null;
  sla_policy_id: string;
  target_seconds: number;
  team_id: string | null;
  violation_type: string;
}

export interface Tags {
  color: Generated<string | null>;
  created_at: Generated<Timestamp | null>;
  id: Generated<string>;
  name: string;
  team_id: string | null;
  version: Generated<Int8>;
}

export interface TeamCalendars {
  calendar: string | null;
  team_id: string | null;
}

export interface TeamHolidays {
  created_at: Generated<Timestamp | null>;
  date: string;
  id: Generated<string>;
  name: string;
  team_id: string;
}

export interface TeamMemberships {
  id: Generated<string>;
  joined_at: Generated<Timestamp | null>;
  team_id: string;
  user_id: string;
}

export interface Teams {
  created_at: Generated<Timestamp | null>;
  description: string | null;
  id: Generated<string>;
  is_active: Generated<boolean | null>;
  name: string;
  slug: string;
  version: Generated<Int8>;
}

export interface TeamSettings {
  calendar_updated_at: Timestamp | null;
  calendar_updated_by: string | null;
  calendar_version: Generated<Int8>;
  channel_weights: Generated<Json>;
  offer_seconds: Generated<number>;
  out_of_hours: Generated<string>;
  out_of_hours_team_id: string | null;
  out_of_hours_text: Generated<Json>;
  overflow_after_seconds: number | null;
  overflow_team_id: string | null;
  pending_customer_fraction: Generated<Numeric>;
  relax_skills_after_seconds: number | null;
  reopen_window_seconds: Generated<number>;
  return_unanswered_seconds: Generated<number>;
  round_robin_after: string | null;
  routing_mode: Generated<string>;
  routing_strategy: Generated<string>;
  sla_pauses_on_customer: Generated<boolean>;
  sla_updated_at: Timestamp | null;
  sla_updated_by: string | null;
  sla_version: Generated<Int8>;
  sla_warning_percent: Generated<number>;
  sla_warns_leads: Generated<string>;
  sticky_seconds: Generated<number>;
  team_id: string;
  updated_at: Timestamp | null;
  updated_by: string | null;
  version: Generated<Int8>;
  wrap_up_seconds: Generated<number>;
}

export interface TeamStats {
  avg_frt_seconds: number | null;
  avg_resolution_seconds: number | null;
  conversations_closed: Generated<number | null>;
  conversations_created: Generated<number | null>;
  created_at: Generated<Timestamp | null>;
  date: string;
  id: Generated<string>;
  team_id: string;
}

export interface TeamTagRules {
  required_on_close: Generated<boolean>;
  team_id: string;
  updated_at: Generated<Timestamp>;
  version: Generated<Int8>;
}

export interface TriageRuleSets {
  created_at: Generated<Timestamp>;
  created_by: string | null;
  note: Generated<string>;
  restored_from: number | null;
  rules: Json;
  version: number;
}

export interface TriageSettings {
  fallback_team_id: string | null;
  only_row: Generated<boolean>;
  overall_limit_ms: Generated<number>;
  steps: Generated<string[]>;
  updated_at: Generated<Timestamp>;
  updated_by: string | null;
  version: Generated<number>;
}

export interface UserIdentities {
  linked_at: Generated<Timestamp>;
  provider_id: string;
  subject: string;
  user_id: string;
}

export interface Users {
  created_at: Generated<Timestamp | null>;
  email: string;
  full_name: string;
  id: Generated<string>;
  is_active: Generated<boolean | null>;
  managed_by: Generated<string>;
  password_hash: string;
  role: string;
  updated_at: Generated<Timestamp | null>;
  version: Generated<Int8>;
}

export interface WebhookBodies {
  body: Buffer;
  channel: string;
  id: Generated<Int8>;
  next_try_at: Generated<Timestamp>;
  processed_at: Timestamp | null;
  received_at: Generated<Timestamp>;
  taken_by: string | null;
  tries: Generated<number>;
}

export interface WebhookDeliveries {
  attempt_number: Generated<number | null>;
  created_at: Generated<Timestamp | null>;
  error: string | null;
  event_type: string;
  id: Generated<string>;
  payload: Json;
  response_body: string | null;
  status_code: number | null;
  subscription_id: string;
}

export interface WebhookSubscriptions {
  created_at: Generated<Timestamp | null>;
  created_by: string | null;
  events: string[];
  id: Generated<string>;
  is_active: Generated<boolean | null>;
  key_id: string;
  retry_count: Generated<number | null>;
  secret: string;
  timeout_seconds: Generated<number | null>;
  updated_at: Generated<Timestamp | null>;
  url: string;
}

export interface WhatsappTemplates {
  category: string;
  components: Json;
  created_at: Generated<Timestamp | null>;
  created_by: string | null;
  id: Generated<string>;
  language: string;
  name: string;
  rejection_reason: string | null;
  status: string;
  updated_at: Generated<Timestamp | null>;
  whatsapp_template_id: string | null;
}

export interface WrapUps {
  conversation_id: string;
  until: Timestamp;
  user_id: string;
}

export interface DB {
  account_links: AccountLinks;
  agent_presence: AgentPresence;
  agent_skills: AgentSkills;
  agent_stats: AgentStats;
  ai_tool_audit_logs: AiToolAuditLogs;
  alert_preferences: AlertPreferences;
  alerts: Alerts;
  api_keys: ApiKeys;
  audit_chain: AuditChain;
  audit_log: AuditLog;
  business_hours: BusinessHours;
  canned_responses: CannedResponses;
  changes: Changes;
  channel_accounts: ChannelAccounts;
  closed_notices: ClosedNotices;
  conversation_assignments: ConversationAssignments;
  conversation_events: ConversationEvents;
  conversation_notes: ConversationNotes;
  conversation_pauses: ConversationPauses;
  conversation_tags: ConversationTags;
  conversations: Conversations;
  customer_identities: CustomerIdentities;
  customer_identity_history: CustomerIdentityHistory;
  customer_merges: CustomerMerges;
  customer_search: CustomerSearch;
  customers: Customers;
  device_presence: DevicePresence;
  devices: Devices;
  directory_group_members: DirectoryGroupMembers;
  directory_groups: DirectoryGroups;
  directory_people: DirectoryPeople;
  escalations: Escalations;
  feed_state: FeedState;
  group_mapping_list: GroupMappingList;
  group_mappings: GroupMappings;
  group_rights_due: GroupRightsDue;
  held_news: HeldNews;
  identity_providers: IdentityProviders;
  integration_configs: IntegrationConfigs;
  integration_logs: IntegrationLogs;
  intents: Intents;
  internal_messages: InternalMessages;
  internal_thread_members: InternalThreadMembers;
  internal_threads: InternalThreads;
  known_devices: KnownDevices;
  media_files: MediaFiles;
  message_attempts: MessageAttempts;
  message_search: MessageSearch;
  messages: Messages;
  offers: Offers;
  parked_receipts: ParkedReceipts;
  person_rows: PersonRows;
  presence_history: PresenceHistory;
  problems: Problems;
  provider_logouts: ProviderLogouts;
  quarantined_updates: QuarantinedUpdates;
  queue_samples: QueueSamples;
  queue_summary: QueueSummary;
  rate_limit_buckets: RateLimitBuckets;
  read_marks: ReadMarks;
  recovery_codes: RecoveryCodes;
  refresh_tokens: RefreshTokens;
  search_progress: SearchProgress;
  second_factors: SecondFactors;
  security_policy: SecurityPolicy;
  server_processes: ServerProcesses;
  sessions: Sessions;
  sign_in_attempts: SignInAttempts;
  sign_on_attempts: SignOnAttempts;
  sign_on_domains: SignOnDomains;
  sign_on_tickets: SignOnTickets;
  sla_policies: SlaPolicies;
  sla_recomputes: SlaRecomputes;
  sla_timers: SlaTimers;
  sla_violations: SlaViolations;
  tags: Tags;
  team_calendars: TeamCalendars;
  team_holidays: TeamHolidays;
  team_memberships: TeamMemberships;
  team_settings: TeamSettings;
  team_stats: TeamStats;
  team_tag_rules: TeamTagRules;
  teams: Teams;
  triage_rule_sets: TriageRuleSets;
  triage_settings: TriageSettings;
  user_identities: UserIdentities;
  users: Users;
  webhook_bodies: WebhookBodies;
  webhook_deliveries: WebhookDeliveries;
  webhook_subscriptions: WebhookSubscriptions;
  whatsapp_templates: WhatsappTemplates;
  wrap_ups: WrapUps;
}
