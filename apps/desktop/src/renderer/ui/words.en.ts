import { type es } from './words.es.ts'

export const en = {
  quoted: '“{text}”',

  'action.retry': 'Retry',

  'assignee.nobody': 'Unassigned',

  'channel.chat_app': 'App',
  'channel.whatsapp': 'WhatsApp',

  'clock.breached': 'Overdue:',
  'clock.dueTitle': '{name}. Due: {at}',
  'clock.met': 'Met:',
  'clock.missed': 'Out of time:',
  'clock.on_time': 'On time:',
  'clock.paused': 'Paused',
  'clock.some': 'A target',
  'clock.standsTitle': '{name}, target {target}',
  'clock.stoppedTitle': '{name}: what it took. Target: {target}',
  'clock.waiting': 'Waiting',
  'clock.waitingSince': 'Waiting since: {at}',
  'clock.warning': 'Due soon:',

  'clockName.escalation': 'Escalation',
  'clockName.first_response': 'First response',
  'clockName.next_response': 'Next response',
  'clockName.resolution': 'Resolution',

  'content.audio': 'Voice note',
  'content.button': 'Button reply',
  'content.contacts': 'Contact',
  'content.document': 'Document',
  'content.image': 'Photo',
  'content.interactive': 'List or button reply',
  'content.location': 'Location',
  'content.order': 'Order',
  'content.orderItems': '{count, plural, one {# item} other {# items}}',
  'content.reaction': 'Reaction',
  'content.sticker': 'Sticker',
  'content.system': 'Channel notice',
  'content.template': 'Template',
  'content.unknown': 'A new kind of message',
  'content.unsupported': 'A message WhatsApp does not deliver',
  'content.video': 'Video',

  'dialog.close': 'Close',

  'failed.copyCode': 'Copy code',
  'failed.local': 'What is saved on this computer is not lost.',

  'form.busy': 'Waiting for the server…',
  'form.discard': 'Discard changes',
  'form.leadsChangeIt': 'Whoever leads the team can change them.',
  'form.loadTheirs': 'Load what was saved',
  'form.offline': 'Offline. Your changes stay here until it is back.',
  'form.problems': 'Check what is marked. Nothing was saved.',
  'form.save': 'Save',
  'form.saveAnyway': 'Save mine',
  'form.saved': 'Saved at {at}. In force now.',
  'form.unsaved': 'Unsaved changes.',

  'keys.choose': 'choose',
  'keys.close': 'close',
  'keys.insert': 'insert',
  'keys.open': 'open',

  'notice.dismiss': 'Dismiss notice',

  'panel.parts': 'Parts',

  'priority.glyph.high': 'High priority',
  'priority.glyph.urgent': 'Urgent priority',
  'priority.high': 'High',
  'priority.low': 'Low',
  'priority.normal': 'Normal',
  'priority.urgent': 'Urgent',

  'row.unread': '{count} unread',

  'skill.billing': 'billing',
  'skill.english': 'English',
  'skill.french': 'French',
  'skill.german': 'German',
  'skill.italian': 'Italian',
  'skill.portuguese': 'Portuguese',
  'skill.spanish': 'Spanish',
  'skill.technical_support': 'technical support',
  'skills.add': 'Add',
  'skills.new': 'New skill',

  'status.assigned': 'Open',
  'status.closed': 'Closed',
  'status.new': 'Arriving',
  'status.pending_agent': 'Waiting for a reply',
  'status.pending_customer': 'Waiting for the customer',
  'status.queued': 'In queue',
  'status.triage': 'Arriving',

  'watch.noTeams': 'You have no teams here',
  'watch.teams': 'Team',
} satisfies Record<keyof typeof es, string>
