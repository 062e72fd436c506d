import type {
  ConversationRow,
  CustomerRow,
  EventRow,
  MessageRow,
  PersonView,
  TeamView,
} from '@parley/contracts'
import type { Channel, ConversationState, Priority } from '@parley/domain'

/** The invented company that the preview shows. Everything is relative to the moment the page is opened. */

export interface Thread {
  conversation: ConversationRow
  customer: CustomerRow
  messages: MessageRow[]
  events: EventRow[]
  seenSeq: number
  draft: string
}

export const id = (kind: number, n: number) =>
  `0${kind}000000-0000-7000-8000-${String(n).padStart(12, '0')}`

export const TEAMS: TeamView[] = [
  ['Pagos', 'payments'],
  ['Cuentas', 'accounts'],
  ['Tarjetas', 'cards'],
  ['Envíos', 'transfers'],
].map(([name = '', slug = ''], n) => ({ id: id(1, n + 1), name, slug, isMine: true }))
const [PAYMENTS, ACCOUNTS, CARDS, TRANSFERS] = TEAMS.map((team) => team.id) as [
  string,
  string,
  string,
  string,
]

const person = (
  n: number,
  fullName: string,
  status: PersonView['presence']['status'],
  load: number,
  teamIds: string[],
  role: PersonView['role'] = 'agent',
  reason: string | null = null,
): PersonView => ({
  id: id(2, n),
  fullName,
  role,
  isActive: true,
  teamIds,
  presence: {
    status,
    reason,
    since: ago(42),
    capacity: 6,
    isFinishing: false,
    wrapUpUntil: null,
  },
  load,
})

export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

export const PEOPLE: PersonView[] = [
  person(1, 'Mariana Solís', 'online', 4, [PAYMENTS, ACCOUNTS, CARDS, TRANSFERS], 'team_lead'),
  person(2, 'Rodrigo Ceja', 'online', 5, [PAYMENTS, ACCOUNTS]),
  person(3, 'Paola Aréchiga', 'busy', 6, [PAYMENTS]),
  person(4, 'Gael Montiel', 'away', 2, [CARDS, PAYMENTS], 'agent', 'lunch'),
  person(5, 'Itzel Barragán', 'online', 1.25, [ACCOUNTS, TRANSFERS]),
  person(6, 'Diego Sandoval', 'offline', 0, [CARDS]),
]
export const ME = PEOPLE[0] as PersonView
const RODRIGO = PEOPLE[1] as PersonView

let counter = 0
let seq = 0

interface Beginning {
  name: string | null
  channel: Channel
  number?: string
  status: ConversationState
  priority?: Priority
  team?: string
  owner?: string | null
  language?: string
  metadata?: Record<string, unknown>
}

function begin(from: Beginning): Thread {
  counter += 1
  const n = counter
  const externalId =
    from.number ??
    (from.channel === 'whatsapp'
      ? `+52 55 0${100 + (n % 900)} ${2000 + ((n * 37) % 8000)}`
      : `@${(from.name ?? 'cliente').split(' ')[0]?.toLowerCase()}.${n}`)
  const customer: CustomerRow = {
    id: id(3, n),
    version: 1,
    name: from.name,
    channel: from.channel,
    externalId,
    identities: [{ channel: from.channel, externalId, isPrimary: true }],
    metadata: from.metadata ?? {
      idioma: 'Español (MX)',
      ciudad: 'Ciudad de México',
      nivel: 'Cuenta plus',
    },
    createdAt: '2024-03-12T16:00:00.000Z',
  }
  return {
    customer,
    conversation: {
      id: id(4, n),
      version: 1,
      customerId: customer.id,
      channel: from.channel,
      channelAccountId: id(5, 1),
      teamId: from.team ?? PAYMENTS,
      assignedTo: from.owner === undefined ? ME.id : from.owner,
      status: from.status,
      priority: from.priority ?? 'normal',
      language: from.language ?? 'es',
      createdAt: ago(120),
      firstMessageAt: null,
      firstResponseAt: null,
      assignedAt: null,
      queuedAt: null,
      closedAt: null,
      closedBy: null,
      closeReason: null,
      waitingSince: null,
      lastInboundAt: null,
      lastMessageAt: null,
      nextDueAt: null,
      clocks: [],
      snoozedUntil: null,
    },
    messages: [],
    events: [],
    seenSeq: 0,
    draft: '',
  }
}

export function nextSeq(): number {
  seq += 1
  return seq
}

export function say(
  thread: Thread,
  from: 'customer' | PersonView,
  minutesAgo: number,
  text: string | null,
  more: Partial<MessageRow> = {},
): MessageRow {
  const inbound = from === 'customer'
  const at = ago(minutesAgo)
  const n = nextSeq()
  const message: MessageRow = {
    id: id(6, n),
    version: 1,
    conversationId: thread.conversation.id,
    seq: n,
    direction: inbound ? 'inbound' : 'outbound',
    senderType: inbound ? 'customer' : 'agent',
    senderId: inbound ? null : from.id,
    contentType: 'text',
    text,
    content: {},
    status: inbound ? 'delivered' : 'read',
    sentAt: at,
    deliveredAt: inbound ? null : at,
    readAt: inbound ? null : at,
    failedReason: null,
    ambiguousAt: null,
    discardedAt: null,
    replyToId: null,
    ...more,
  }
  thread.messages.push(message)
  const { conversation } = thread
  conversation.lastMessageAt = at
  conversation.firstMessageAt ??= at
  if (inbound) {
    conversation.lastInboundAt = at
    conversation.waitingSince ??= at
  } else if (message.status !== 'failed') {
    conversation.waitingSince = null
    conversation.firstResponseAt ??= at
  }
  return message
}

export function happened(
  thread: Thread,
  type: EventRow['type'],
  minutesAgo: number,
  more: Partial<EventRow> = {},
): void {
  const n = nextSeq()
  thread.events.push({
    id: id(7, n),
    version: 1,
    conversationId: thread.conversation.id,
    seq: n,
    type,
    actorType: more.actorId ? 'user' : 'system',
    actorId: null,
    oldValue: null,
    newValue: null,
    metadata: {},
    createdAt: ago(minutesAgo),
    ...more,
  })
}

const seen = (thread: Thread) => {
  thread.seenSeq = thread.messages.at(-1)?.seq ?? 0
}

export function buildWorld(): Thread[] {
  return [
    hector(),
    lucia(),
    ivan(),
    diana(),
    oscar(),
    kayla(),
    refugio(),
    ...queue(),
    ...colleagues(),
    long(),
    ...closed(),
    ...crowd(),
  ]
}

function hector(): Thread {
  const thread = begin({
    name: 'Héctor Quintanilla',
    channel: 'chat_app',
    status: 'pending_agent',
    priority: 'urgent',
    team: ACCOUNTS,
  })
  say(thread, 'customer', 48, 'Hola, quiero entrar a mi cuenta desde un teléfono nuevo')
  say(
    thread,
    ME,
    44,
    'Hola, Héctor. Te llegará un código por mensaje; escríbelo en la pantalla de acceso.',
  )
  seen(thread)
  say(thread, 'customer', 31, 'Ya lo puse')
  say(thread, 'customer', 27, 'Me dice que venció')
  say(thread, 'customer', 26, 'No me deja confirmar el código, ya van tres veces')
  return thread
}

function lucia(): Thread {
  const thread = begin({
    name: 'Lucía Barrientos',
    channel: 'whatsapp',
    number: '+52 55 0193 2093',
    status: 'pending_agent',
    priority: 'high',
    metadata: {
      idioma: 'Español (MX)',
      ciudad: 'Ciudad de México',
      nivel: 'Cuenta plus',
      tarjeta: 'Terminación 4417',
      folio: 'AC-20817',
    },
  })
  thread.customer.identities.push({ channel: 'chat_app', externalId: '@lucia.b', isPrimary: false })
  happened(thread, 'triage.completed', 116.6, {
    newValue: { team_id: PAYMENTS },
    metadata: {
      routing_decision: { teamId: PAYMENTS, priority: 'high', matched: { team: ['cargo'] } },
    },
  })
  happened(thread, 'conversation.assigned', 116.5, {
    newValue: { assigned_to: ME.id, team_id: PAYMENTS },
    metadata: {
      assignment_method: 'auto',
      explanation: {
        strategy: 'least_loaded',
        chosenBecause: 'previous_agent',
        waitedMs: 252_000,
        requiredSkills: { spanish: 4, billing: 3 },
        relaxed: { step: 1, to: { spanish: 3, billing: 3 } },
        eligible: [
          { userId: ME.id, load: 3, capacity: 6 },
          { userId: RODRIGO.id, load: 2, capacity: 6 },
        ],
        ineligible: [
          { userId: id(2, 3), because: 'at_capacity' },
          { userId: id(2, 6), because: 'not_online' },
          { userId: id(2, 5), because: 'lacks_skill', skill: 'billing' },
        ],
        eligibleCount: 2,
        ineligibleCounts: { at_capacity: 1, not_online: 4, lacks_skill: 1 },
      },
    },
  })
  const first = say(
    thread,
    'customer',
    116,
    'Hola, buenos días. Me cobraron dos veces la misma compra del viernes y sigo sin ver la devolución.',
  )
  say(thread, 'customer', 115, 'Son estos dos cargos.', {
    contentType: 'image',
    content: { image: { mime_type: 'image/jpeg' } },
  })
  say(
    thread,
    ME,
    113,
    'Buenos días, Lucía. Ya veo los dos cargos de $1,249.00 con la terminación 4417. Levanto la aclaración ahora mismo y te comparto el folio.',
    { replyToId: first.id },
  )
  say(thread, 'customer', 110, null, {
    contentType: 'audio',
    content: { audio: { voice: true, duration: 23 } },
  })
  say(
    thread,
    RODRIGO,
    103,
    'Hola, Lucía, soy Rodrigo. El segundo cargo ya está en el lote de devoluciones de hoy.',
  )
  say(
    thread,
    ME,
    100,
    'Hola, Lucía. Registramos tu aclaración con el folio AC-20817 por $1,249.00. El detalle está en https://ayuda.example/aclaraciones.',
  )
  say(thread, ME, 100, null, {
    contentType: 'document',
    content: { document: { filename: 'Acuse AC-20817.pdf', file_size: 184_000 } },
  })
  say(thread, 'customer', 99, null, {
    contentType: 'reaction',
    content: { reaction: { emoji: '👍' } },
  })
  say(thread, 'customer', 5, 'Perfecto, ya me llegó el folio. Gracias por la rapidez.')
  const failed = say(
    thread,
    ME,
    4,
    'Con gusto. La devolución se refleja con el mismo concepto de la compra.',
    { status: 'failed', readAt: null, deliveredAt: null },
  )
  thread.seenSeq = failed.seq
  thread.conversation.waitingSince = ago(5)
  say(thread, 'customer', 2, '¿Y en cuánto tiempo cae en mi cuenta?')
  thread.draft =
    'Cae entre 24 y 72 horas hábiles, Lucía. Como la aclaración entró hoy, lo verías a más tardar el '
  return thread
}

function ivan(): Thread {
  const thread = begin({ name: 'Iván Rentería', channel: 'chat_app', status: 'pending_agent' })
  say(
    thread,
    'customer',
    63,
    'Hola, hice un depósito el viernes en la tarde y todavía no aparece en mi saldo. Fueron $3,800.',
  )
  say(
    thread,
    ME,
    58,
    'Hola, Iván. ¿Me compartes la clave de rastreo, por favor? Viene en tu comprobante, son de 7 a 30 caracteres.',
  )
  say(thread, 'customer', 35, 'Claro, es 085902173340318825.')
  seen(thread)
  thread.draft =
    'Te confirmo que el depósito del viernes sí está localizado. Dame unos minutos para validarlo con Pagos.'
  return thread
}

function diana(): Thread {
  const thread = begin({
    name: 'Diana Fuentes · Grupo Tlalli',
    channel: 'whatsapp',
    status: 'pending_customer',
    priority: 'low',
  })
  say(
    thread,
    'customer',
    26 * 60,
    'Buenas tardes, ¿me pueden mandar el estado de cuenta de octubre?',
  )
  say(thread, ME, 90, 'Te adjunto el estado de cuenta de octubre', {
    status: 'pending',
    ambiguousAt: ago(89),
    readAt: null,
    deliveredAt: null,
  })
  seen(thread)
  return thread
}

function oscar(): Thread {
  const thread = begin({
    name: 'Óscar Villaseñor',
    channel: 'whatsapp',
    status: 'pending_customer',
  })
  say(thread, 'customer', 22.5 * 60, 'Necesito el folio de mi aclaración')
  say(thread, ME, 80, 'Quedo al pendiente de tu folio')
  seen(thread)
  return thread
}

function kayla(): Thread {
  const thread = begin({
    name: 'Kayla Whitmore',
    channel: 'chat_app',
    status: 'pending_customer',
    language: 'en',
  })
  say(thread, 'customer', 200, 'Hi, where do I find the tax form?')
  say(thread, ME, 140, 'Sent you the form, take your time', { status: 'delivered', readAt: null })
  seen(thread)
  return thread
}

function refugio(): Thread {
  const thread = begin({ name: 'Refugio Anaya', channel: 'whatsapp', status: 'pending_customer' })
  for (const [contentType, content, text] of [
    ['video', { video: { duration: 41 } }, 'Así se ve la pantalla'],
    ['sticker', {}, null],
    [
      'location',
      { location: { latitude: 19.43261, longitude: -99.13321, name: 'Sucursal Centro' } },
      null,
    ],
    ['contacts', { contacts: [{ name: { formatted_name: 'Teresa Anaya' } }] }, null],
    ['interactive', { interactive: { button_reply: { title: 'Sí, avísenme' } } }, null],
    ['order', { order: { product_items: [{}, {}, {}] } }, null],
    ['system', { system: { body: 'El cliente cambió de número' } }, null],
    ['unsupported', {}, null],
    ['poll_creation', {}, null],
  ] as const) {
    say(thread, 'customer', 300 - thread.messages.length * 12, text, { contentType, content })
  }
  say(thread, ME, 160, null, {
    contentType: 'template',
    content: { template: { name: 'recordatorio_documentos' } },
    status: 'sent',
    readAt: null,
    deliveredAt: null,
  })
  seen(thread)
  return thread
}

function queue(): Thread[] {
  const waiting: [string | null, Channel, number, string, Partial<Beginning>, number][] = [
    [
      'Ofelia Narváez',
      'whatsapp',
      18,
      '¿Me ayudan con una transferencia que no llegó?',
      { priority: 'high' },
      2,
    ],
    [null, 'whatsapp', 13, 'Buen día, adjunto mi comprobante', { number: '+52 55 0148 7725' }, 1],
    ['Ximena Ordaz Peña', 'whatsapp', 12, '', {}, 1],
    ['Samuel Ibarra', 'chat_app', 11, 'Quiero cancelar la tarjeta adicional de mi hijo', {}, 1],
    [
      'Meredith Lowe',
      'chat_app',
      9,
      'Hi, my transfer has been pending since Friday',
      { language: 'en' },
      1,
    ],
    ['Abril Santoyo', 'whatsapp', 7, 'Necesito mi constancia de movimientos, por favor', {}, 1],
    ['Joaquín Bermúdez', 'whatsapp', 6, 'Hice un pago doble del recibo de luz', {}, 1],
    ['Noemí Castañeda', 'whatsapp', 5, '¿A qué hora abren la sucursal Roma?', {}, 1],
    ['Tadeo Luna', 'chat_app', 4, 'No me llegó el correo de confirmación', {}, 1],
    ['Carmen Iturbide', 'whatsapp', 3, 'Buenas, ¿puedo cambiar mi fecha de pago?', {}, 1],
    ['Efraín Mota', 'whatsapp', 2, 'Me rechazaron una compra', {}, 1],
    ['Ana Posadas Herrera', 'whatsapp', 1, 'Me llegó la tarjeta dañada', {}, 1],
  ]
  const threads = waiting.map(([name, channel, minutes, text, more, count]) => {
    const thread = begin({ name, channel, status: 'queued', owner: null, ...more })
    if (count > 1) say(thread, 'customer', minutes + 0.5, 'Hola, buenas')
    const media =
      name === null
        ? { contentType: 'image' }
        : text === ''
          ? { contentType: 'audio', content: { audio: { duration: 41 } } }
          : {}
    say(thread, 'customer', minutes, text === '' ? null : text, media)
    thread.conversation.queuedAt = ago(minutes)
    return thread
  })
  const others: [string, string, number][] = [
    ['Valeria Osorio', ACCOUNTS, 22],
    ['Bruno Salcedo', ACCOUNTS, 15],
    ['Greta Lombardo', ACCOUNTS, 9],
    ['Saúl Arriaga', ACCOUNTS, 6],
    ['Irma Téllez', ACCOUNTS, 3],
    ['Pablo Zaldívar', CARDS, 8],
    ['Mónica Rangel', CARDS, 5],
    ['Lino Escobedo', CARDS, 2],
  ]
  return [
    ...threads,
    ...others.map(([name, team, minutes]) => {
      const thread = begin({ name, channel: 'whatsapp', status: 'queued', owner: null, team })
      say(thread, 'customer', minutes, 'Hola, necesito ayuda con mi cuenta')
      thread.conversation.queuedAt = ago(minutes)
      return thread
    }),
  ]
}

function colleagues(): Thread[] {
  return Array.from({ length: 14 }, (_, n) => {
    const owner = PEOPLE[1 + (n % 4)] as PersonView
    const thread = begin({
      name: `${['Raúl', 'Elena', 'Tomás', 'Julia', 'Marcos'][n % 5]} ${['Vargas', 'Cordero', 'Ponce'][n % 3]}`,
      channel: n % 3 ? 'whatsapp' : 'chat_app',
      status: n % 2 ? 'pending_agent' : 'pending_customer',
      owner: owner.id,
      team: owner.teamIds[0] ?? PAYMENTS,
    })
    say(thread, 'customer', 80 + n, 'Sigo esperando respuesta de mi trámite')
    if (n % 2 === 0) say(thread, owner, 60 + n, 'Lo reviso y te aviso por aquí.')
    seen(thread)
    return thread
  })
}

/** Five thousand messages, to see that it stays quick. */
function long(): Thread {
  const thread = begin({
    name: 'Aurora Peralta',
    channel: 'chat_app',
    status: 'pending_customer',
    team: ACCOUNTS,
  })
  const words = [
    'Gracias.',
    '¿Me confirmas el monto?',
    'Quedó registrado con el folio que te compartí ayer por la tarde; guarda este mensaje.',
    'Sí.',
    'Te marco por aquí en cuanto tenga respuesta del banco. Normalmente tarda entre uno y tres días hábiles.',
  ]
  for (let n = 0; n < 5000; n += 1) {
    say(
      thread,
      n % 3 === 0 ? 'customer' : n % 7 === 0 ? RODRIGO : ME,
      200 + (5000 - n) * 9,
      `${n + 1}. ${words[n % words.length] ?? ''}`,
    )
  }
  seen(thread)
  return thread
}

function closed(): Thread[] {
  const own = [
    'Cambio de NIP, resuelta contigo',
    'Límite de retiro en cajero',
    'Depósito no reflejado',
  ].map((text, n) => {
    const thread = begin({
      name: 'Lucía Barrientos',
      channel: n === 1 ? 'chat_app' : 'whatsapp',
      status: 'closed',
    })
    say(thread, 'customer', (3 + n * 49) * 1440, text)
    return close(thread)
  })
  const rest = Array.from({ length: 60 }, (_, n) => {
    const thread = begin({
      name: `${['Norma', 'Felipe', 'Alma', 'Hugo'][n % 4]} ${['Rivas', 'Camacho', 'Escalante'][n % 3]}`,
      channel: n % 2 ? 'whatsapp' : 'chat_app',
      status: 'closed',
      team: TEAMS[n % 4]?.id ?? PAYMENTS,
    })
    say(thread, 'customer', 300 + n * 400, '¿Me ayudan con una duda?')
    say(thread, ME, 290 + n * 400, 'Listo, quedó resuelto. Que tengas buen día.')
    return close(thread)
  })
  return [...own, ...rest]
}

function close(thread: Thread): Thread {
  const { conversation } = thread
  conversation.closedAt = conversation.lastMessageAt
  conversation.closedBy = ME.id
  conversation.closeReason = 'resolved'
  conversation.waitingSince = null
  happened(thread, 'conversation.closed', 0, {
    actorId: ME.id,
    metadata: { close_reason: 'resolved' },
    createdAt: conversation.lastMessageAt ?? ago(0),
  })
  seen(thread)
  return thread
}

/** So many that the list must be virtual. */
function crowd(): Thread[] {
  return Array.from({ length: 400 }, (_, n) => {
    const thread = begin({
      name: `Cliente ${n + 1}`,
      channel: n % 2 ? 'whatsapp' : 'chat_app',
      status: 'closed',
      team: PAYMENTS,
    })
    say(thread, 'customer', 30_000 + n * 30, 'Consulta resuelta')
    return close(thread)
  })
}
