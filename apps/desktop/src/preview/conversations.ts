import { type Channel, type Priority } from '@parley/domain'

import { World, ago, happen, say, seeAll, type Thread } from './world.ts'

/** A morning at work: what is mine, what waits in the queues, what colleagues have, what is over. */
export function aMorning(): World {
  const world = new World()
  mine(world)
  queues(world)
  colleagues(world)
  closed(world)
  return world
}

function mine(world: World): void {
  const { me, rodrigo } = world

  const hector = world.begin({
    name: 'Héctor Quintanilla',
    channel: 'chat_app',
    priority: 'urgent',
    team: 'accounts',
  })
  say(hector, 'customer', 48, 'Hola, quiero entrar a mi cuenta desde un teléfono nuevo')
  say(
    hector,
    me,
    44,
    'Hola, Héctor. Te llegará un código por mensaje; escríbelo en la pantalla de acceso.',
  )
  seeAll(hector)
  say(hector, 'customer', 31, 'Ya lo puse')
  say(hector, 'customer', 27, 'Me dice que venció')
  say(hector, 'customer', 26, 'No me deja confirmar el código, ya van tres veces')

  lucia(world)

  const ivan = world.begin({ name: 'Iván Rentería', channel: 'chat_app' })
  say(
    ivan,
    'customer',
    63,
    'Hola, hice un depósito el viernes en la tarde y todavía no aparece en mi saldo. Fueron $3,800.',
  )
  say(
    ivan,
    me,
    58,
    'Hola, Iván. ¿Me compartes la clave de rastreo, por favor? Viene en tu comprobante, son de 7 a 30 caracteres.',
  )
  say(ivan, 'customer', 35, 'Claro, es 085902173340318825.')
  seeAll(ivan)
  ivan.draft =
    'Te confirmo que el depósito del viernes sí está localizado. Dame unos minutos para validarlo con Pagos.'

  const diana = world.begin({
    name: 'Diana Fuentes · Grupo Tlalli',
    status: 'pending_customer',
    priority: 'low',
  })
  say(
    diana,
    'customer',
    26 * 60,
    'Buenas tardes, ¿me pueden mandar el estado de cuenta de octubre?',
  )
  say(diana, me, 90, 'Te adjunto el estado de cuenta de octubre', {
    status: 'pending',
    ambiguousAt: ago(89),
  })
  seeAll(diana)

  const oscar = world.begin({ name: 'Óscar Villaseñor', status: 'pending_customer' })
  say(oscar, 'customer', 22.5 * 60, 'Necesito el folio de mi aclaración')
  say(oscar, me, 80, 'Quedo al pendiente de tu folio')
  seeAll(oscar)

  const kayla = world.begin({
    name: 'Kayla Whitmore',
    channel: 'chat_app',
    status: 'pending_customer',
    language: 'en',
  })
  say(kayla, 'customer', 200, 'Hi, where do I find the tax form?')
  say(kayla, me, 140, 'Sent you the form, take your time', { status: 'delivered' })
  seeAll(kayla)

  refugio(world)

  const aurora = world.begin({
    name: 'Aurora Peralta',
    channel: 'chat_app',
    status: 'pending_customer',
    team: 'accounts',
  })
  const words = [
    'Gracias.',
    '¿Me confirmas el monto?',
    'Quedó registrado con el folio que te compartí ayer por la tarde; guarda este mensaje.',
    'Sí.',
    'Te marco por aquí en cuanto tenga respuesta del banco. Normalmente tarda entre uno y tres días hábiles.',
  ]
  // So many that the thread must be virtual.
  for (let n = 0; n < 300; n += 1) {
    const by = n % 3 === 0 ? 'customer' : n % 7 === 0 ? rodrigo : me
    say(aurora, by, 200 + (300 - n) * 9, `${n + 1}. ${words[n % words.length]}`)
  }
  seeAll(aurora)
}

/** Everything that a thread can show beside words. */
function lucia(world: World): void {
  const { me, rodrigo, paola, itzel, diego } = world
  const thread = world.begin({
    name: 'Lucía Barrientos',
    priority: 'high',
    metadata: {
      ciudad: 'Ciudad de México',
      nivel: 'Cuenta plus',
      tarjeta: 'Terminación 4417',
      folio: 'AC-20817',
    },
  })
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
    me,
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
    rodrigo,
    103,
    'Hola, Lucía, soy Rodrigo. El segundo cargo ya está en el lote de devoluciones de hoy.',
  )
  say(
    thread,
    me,
    100,
    'Hola, Lucía. Registramos tu aclaración con el folio AC-20817 por $1,249.00. El detalle está en https://ayuda.example/aclaraciones.',
  )
  say(thread, me, 100, null, {
    contentType: 'document',
    content: { document: { filename: 'Acuse AC-20817.pdf', file_size: 184_000 } },
  })
  say(thread, 'customer', 99, null, {
    contentType: 'reaction',
    content: { reaction: { emoji: '👍' } },
  })
  say(thread, 'customer', 5, 'Perfecto, ya me llegó el folio. Gracias por la rapidez.')
  say(thread, me, 4, 'Con gusto. La devolución se refleja con el mismo concepto de la compra.', {
    status: 'failed',
  })
  seeAll(thread)
  say(thread, 'customer', 2, '¿Y en cuánto tiempo cae en mi cuenta?')
  thread.draft =
    'Cae entre 24 y 72 horas hábiles, Lucía. Como la aclaración entró hoy, lo verías a más tardar el '
}

/** Every type of content that WhatsApp knows and some that nobody does. */
function refugio(world: World): void {
  const thread = world.begin({ name: 'Refugio Anaya', status: 'pending_customer' })
  const contents: [string, Record<string, unknown>, string | null][] = [
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
  ]
  contents.forEach(([contentType, content, text], n) =>
    say(thread, 'customer', 300 - n * 12, text, { contentType, content }),
  )
  say(thread, world.me, 160, null, {
    contentType: 'template',
    content: { template: { name: 'recordatorio_documentos' } },
    status: 'sent',
  })
  seeAll(thread)
}

function queues(world: World): void {
  const waiting: [string | null, Channel, number, string | null, Priority?][] = [
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
  for (const [name, channel, minutes, text, priority = 'normal'] of waiting) {
    const thread = world.begin({ name, channel, priority, ...IN_QUEUE, queuedAt: ago(minutes) })
    const voice = { contentType: 'audio', content: { audio: { voice: true, duration: 41 } } }
    say(thread, 'customer', minutes, text, text === null ? voice : {})
  }
  const elsewhere = [
    ['Valeria Osorio', 'accounts', 22],
    ['Bruno Salcedo', 'accounts', 15],
    ['Greta Lombardo', 'accounts', 9],
    ['Pablo Zaldívar', 'cards', 8],
    ['Lino Escobedo', 'cards', 2],
  ] as const
  for (const [name, team, minutes] of elsewhere) {
    const thread = world.begin({ name, team, ...IN_QUEUE, queuedAt: ago(minutes) })
    say(thread, 'customer', minutes, 'Hola, necesito ayuda con mi cuenta')
  }
}

const IN_QUEUE = { status: 'queued', assignedTo: null } as const

function colleagues(world: World): void {
  const owners = [world.rodrigo, world.paola, world.gael, world.itzel]
  for (let n = 0; n < 14; n += 1) {
    const owner = owners[n % owners.length] ?? world.rodrigo
    const thread = world.begin({
      name: `${['Raúl', 'Elena', 'Tomás', 'Julia', 'Marcos'][n % 5]} ${['Vargas', 'Cordero', 'Ponce'][n % 3]}`,
      channel: n % 3 === 0 ? 'chat_app' : 'whatsapp',
      status: n % 2 === 0 ? 'pending_customer' : 'pending_agent',
      assignedTo: owner.id,
      teamId: owner.teamIds[0] ?? null,
    })
    say(thread, 'customer', 80 + n, 'Sigo esperando respuesta de mi trámite')
    if (n % 2 === 0) say(thread, owner, 60 + n, 'Lo reviso y te aviso por aquí.')
    seeAll(thread)
  }
}

function closed(world: World): void {
  for (let n = 0; n < 60; n += 1) {
    const thread = world.begin({
      name: `${['Norma', 'Felipe', 'Alma', 'Hugo'][n % 4]} ${['Rivas', 'Camacho', 'Escalante'][n % 3]}`,
      channel: n % 2 === 0 ? 'chat_app' : 'whatsapp',
    })
    say(thread, 'customer', 300 + n * 400, '¿Me ayudan con una duda?')
    say(thread, world.me, 290 + n * 400, 'Listo, quedó resuelto. Que tengas buen día.')
    close(world, thread)
  }
}

function close(world: World, thread: Thread): void {
  const at = thread.conversation.lastMessageAt ?? ago(0)
  Object.assign(thread.conversation, {
    status: 'closed',
    closedAt: at,
    closedBy: world.me.id,
    closeReason: 'resolved',
    waitingSince: null,
  })
  happen(thread, 0, {
    type: 'conversation.closed',
    actorId: world.me.id,
    metadata: { close_reason: 'resolved' },
    createdAt: at,
  })
  seeAll(thread)
}
