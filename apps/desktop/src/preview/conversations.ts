import { type Channel, type Priority } from '@parley/domain'

import { World, ago, happen, say, type TeamSlug } from './world.ts'

/** A morning at work: what is mine, what waits in the queues, what colleagues have, what is over. */
export function aMorning(): World {
  const world = new World()
  awaitingMe(world)
  awaitingCustomers(world)
  queues(world)
  colleagues(world)
  closed(world)
  return world
}

function awaitingMe(world: World): void {
  const { me } = world
  const hector = world.begin({
    name: 'Héctor Quintanilla',
    channel: 'chat_app',
    priority: 'urgent',
    team: 'accounts',
  })
  say(hector, 'customer', 48, 'Hola, quiero entrar a mi cuenta desde un teléfono nuevo')
  say(hector, me, 44, 'Hola, Héctor. Te llegará un código por mensaje.')
  say(hector, 'customer', 27, 'Me dice que venció')
  say(hector, 'customer', 26, 'No me deja confirmar el código, ya van tres veces')

  lucia(world)

  const ivan = world.begin({ name: 'Iván Rentería', channel: 'chat_app' })
  say(ivan, 'customer', 63, 'Hice un depósito el viernes y todavía no aparece en mi saldo.')
  say(ivan, me, 58, 'Hola, Iván. ¿Me compartes la clave de rastreo, por favor?')
  say(ivan, 'customer', 35, 'Claro, es 085902173340318825.')
  ivan.draft = 'Te confirmo que el depósito del viernes sí está localizado. Dame unos minutos.'
}

/** Everything that a thread can show beside words. */
function lucia(world: World): void {
  const { me, rodrigo, paola, itzel, diego } = world
  const thread = world.begin({ name: 'Lucía Barrientos', priority: 'high' })
  Object.assign(thread.customer.metadata, { tarjeta: 'Terminación 4417', folio: 'AC-20817' })
  thread.customer.identities.push({ channel: 'chat_app', externalId: '@lucia.b', isPrimary: false })
  const { teamId } = thread.conversation
  happen(thread, 116.6, {
    type: 'triage.completed',
    newValue: { team_id: teamId },
    metadata: { routing_decision: { teamId, priority: 'high', matched: { team: ['cargo'] } } },
  })
  happen(thread, 116.5, {
    type: 'conversation.assigned',
    newValue: { assigned_to: me.id, team_id: teamId },
    metadata: {
      assignment_method: 'auto',
      explanation: {
        strategy: 'least_loaded',
        chosenBecause: 'previous_agent',
        waitedMs: 252_000,
        requiredSkills: { spanish: 4, billing: 3 },
        relaxed: { step: 1, to: { spanish: 3, billing: 3 } },
        eligible: [
          { userId: me.id, load: 3, capacity: 6 },
          { userId: rodrigo.id, load: 2, capacity: 6 },
        ],
        ineligible: [
          { userId: paola.id, because: 'at_capacity' },
          { userId: diego.id, because: 'not_online' },
          { userId: itzel.id, because: 'lacks_skill', skill: 'billing' },
        ],
        eligibleCount: 2,
        ineligibleCounts: { at_capacity: 1, not_online: 1, lacks_skill: 1 },
      },
    },
  })
  const first = say(thread, 'customer', 116, 'Buenos días. Me cobraron dos veces la misma compra.')
  say(thread, 'customer', 115, 'Son estos dos cargos.', {
    contentType: 'image',
    content: { image: { mime_type: 'image/jpeg' } },
  })
  const answer = 'Buenos días, Lucía. Ya veo los dos cargos de $1,249.00 con la terminación 4417.'
  say(thread, me, 113, answer, { replyToId: first.id })
  say(thread, 'customer', 110, null, {
    contentType: 'audio',
    content: { audio: { voice: true, duration: 23 } },
  })
  say(thread, rodrigo, 103, 'Hola, soy Rodrigo. El segundo cargo ya está en el lote de hoy.')
  say(thread, me, 100, 'Está en https://ayuda.example/aclaraciones con el folio AC-20817.')
  say(thread, me, 100, null, {
    contentType: 'document',
    content: { document: { filename: 'Acuse AC-20817.pdf', file_size: 184_000 } },
  })
  say(thread, 'customer', 99, null, {
    contentType: 'reaction',
    content: { reaction: { emoji: '👍' } },
  })
  say(thread, 'customer', 5, 'Perfecto, ya me llegó el folio. Gracias por la rapidez.')
  say(thread, me, 4, 'Con gusto. La devolución llega con el mismo concepto.', { status: 'failed' })
  say(thread, 'customer', 2, '¿Y en cuánto tiempo cae en mi cuenta?')
  thread.draft = 'Cae entre 24 y 72 horas hábiles, Lucía. Lo verías a más tardar el '
}

/** What was said last, as it was sent: perhaps, read, received; every type of content; and a long thread. */
function awaitingCustomers(world: World): void {
  const { me, rodrigo } = world
  const begin = (name: string, channel: Channel = 'whatsapp') =>
    world.begin({ name, channel, status: 'pending_customer' })

  const diana = begin('Diana Fuentes · Grupo Tlalli')
  say(diana, 'customer', 26 * 60, '¿Me pueden mandar el estado de cuenta de octubre?')
  say(diana, me, 90, 'Te adjunto el estado de cuenta', { status: 'pending', ambiguousAt: ago(89) })

  const oscar = begin('Óscar Villaseñor')
  say(oscar, 'customer', 22.5 * 60, 'Necesito el folio de mi aclaración')
  say(oscar, me, 80, 'Quedo al pendiente de tu folio')

  const kayla = begin('Kayla Whitmore', 'chat_app')
  say(kayla, 'customer', 200, 'Hi, where do I find the tax form?')
  say(kayla, me, 140, 'Sent you the form, take your time', { status: 'delivered' })

  const refugio = begin('Refugio Anaya')
  for (const [n, [contentType, content, text = null]] of CONTENTS.entries()) {
    say(refugio, 'customer', 300 - n * 12, text, { contentType, content })
  }
  say(refugio, me, 160, null, {
    contentType: 'template',
    content: { template: { name: 'recordatorio_documentos' } },
    status: 'sent',
  })

  const aurora = begin('Aurora Peralta', 'chat_app')
  // So many that the thread must be virtual.
  for (let n = 0; n < 300; n += 1) {
    const by = n % 3 === 0 ? 'customer' : n % 7 === 0 ? rodrigo : me
    const words = [
      'Gracias.',
      '¿Me confirmas el monto?',
      `Quedó registrado. ${'Sí. '.repeat(n % 40)}`,
    ]
    say(aurora, by, 200 + (300 - n) * 9, `${n + 1}. ${words[n % 3]}`)
  }
}

/** Every type of content that WhatsApp knows and some that nobody does. */
const CONTENTS: [type: string, content: Record<string, unknown>, text?: string][] = [
  ['video', { video: { duration: 41 } }, 'Así se ve la pantalla'],
  ['sticker', {}],
  ['location', { location: { latitude: 19.43261, longitude: -99.13321, name: 'Sucursal Centro' } }],
  ['contacts', { contacts: [{ name: { formatted_name: 'Teresa Anaya' } }] }],
  ['interactive', { interactive: { button_reply: { title: 'Sí, avísenme' } } }],
  ['order', { order: { product_items: [{}, {}, {}] } }],
  ['system', { system: { body: 'El cliente cambió de número' } }],
  ['unsupported', {}],
  ['poll_creation', {}],
]

function queues(world: World): void {
  const ours: [string | null, Channel, number, string | null, Priority?][] = [
    ['Ofelia Narváez', 'whatsapp', 18, '¿Me ayudan con una transferencia que no llegó?', 'high'],
    [null, 'whatsapp', 13, 'Buen día, adjunto mi comprobante'],
    ['Ximena Ordaz Peña', 'whatsapp', 12, null],
    ['Samuel Ibarra', 'chat_app', 11, 'Quiero cancelar la tarjeta adicional de mi hijo'],
    ['Meredith Lowe', 'chat_app', 9, 'Hi, my transfer has been pending since Friday'],
    ['Abril Santoyo', 'whatsapp', 7, 'Necesito mi constancia de movimientos, por favor'],
    ['Joaquín Bermúdez', 'whatsapp', 6, 'Hice un pago doble del recibo de luz'],
    ['Noemí Castañeda', 'whatsapp', 5, '¿A qué hora abren la sucursal Roma?'],
    ['Tadeo Luna', 'chat_app', 4, 'No me llegó el correo de confirmación'],
    ['Carmen Iturbide', 'whatsapp', 3, 'Buenas, ¿puedo cambiar mi fecha de pago?'],
    ['Efraín Mota', 'whatsapp', 2, 'Me rechazaron una compra'],
    ['Ana Posadas Herrera', 'whatsapp', 1, 'Me llegó la tarjeta dañada'],
  ]
  for (const [name, channel, minutes, text, priority = 'normal'] of ours) {
    const thread = world.begin({ name, channel, priority, ...inQueue(minutes) })
    const voice = { contentType: 'audio', content: { audio: { voice: true, duration: 41 } } }
    say(thread, 'customer', minutes, text, text === null ? voice : {})
  }
  const elsewhere: [string, TeamSlug, number][] = [
    ['Valeria Osorio', 'accounts', 22],
    ['Bruno Salcedo', 'accounts', 15],
    ['Greta Lombardo', 'accounts', 9],
    ['Pablo Zaldívar', 'cards', 8],
    ['Lino Escobedo', 'cards', 2],
  ]
  for (const [name, team, minutes] of elsewhere) {
    const thread = world.begin({ name, team, ...inQueue(minutes) })
    say(thread, 'customer', minutes, 'Hola, necesito ayuda con mi cuenta')
  }
}

function inQueue(minutes: number) {
  return { status: 'queued', assignedTo: null, queuedAt: ago(minutes) } as const
}

function colleagues(world: World): void {
  const owners = [world.rodrigo, world.paola, world.gael, world.itzel]
  for (const [n, name] of someNames(14).entries()) {
    const owner = owners[n % owners.length] ?? world.rodrigo
    const thread = world.begin({
      name,
      channel: n % 3 === 0 ? 'chat_app' : 'whatsapp',
      status: n % 2 === 0 ? 'pending_customer' : 'pending_agent',
      assignedTo: owner.id,
      teamId: owner.teamIds[0] ?? null,
    })
    say(thread, 'customer', 80 + n, 'Sigo esperando respuesta de mi trámite')
    if (n % 2 === 0) say(thread, owner, 60 + n, 'Lo reviso y te aviso por aquí.')
  }
}

function closed(world: World): void {
  for (const [n, name] of someNames(60).entries()) {
    const thread = world.begin({ name, channel: n % 2 === 0 ? 'chat_app' : 'whatsapp' })
    const minutes = 290 + n * 400
    say(thread, 'customer', minutes + 10, '¿Me ayudan con una duda?')
    say(thread, world.me, minutes, 'Listo, quedó resuelto. Que tengas buen día.')
    Object.assign(thread.conversation, {
      status: 'closed',
      closedAt: ago(minutes),
      closedBy: world.me.id,
      closeReason: 'resolved',
    })
    happen(thread, minutes, {
      type: 'conversation.closed',
      actorId: world.me.id,
      metadata: { close_reason: 'resolved' },
    })
  }
}

function someNames(count: number): string[] {
  const given = ['Norma', 'Felipe', 'Alma', 'Hugo', 'Elena', 'Marcos', 'Julia']
  const family = ['Rivas', 'Camacho', 'Escalante', 'Cordero', 'Ponce']
  return Array.from(
    { length: count },
    (_, n) => `${given[n % given.length]} ${family[n % family.length]}`,
  )
}
