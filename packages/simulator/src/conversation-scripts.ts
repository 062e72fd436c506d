import { type Language } from './invented-people.ts'
import { type Random } from './random.ts'

/** Something a customer sends. `{folio}`, `{amount}`, `{order}` and `{digits}` are filled in. */
export type Line =
  | { kind: 'text'; text: string }
  | { kind: 'image'; caption: string | null }
  | { kind: 'voice' }

/** What the customer writes in one go, and what a good agent answers to it. */
export interface Turn {
  customer: readonly Line[]
  agent: string
}

/** A conversation as it goes when all goes well. */
export interface ConversationScript {
  id: string
  team: 'sales' | 'support' | 'customer_service'
  language: Language
  /** The first line's words must place it: triage does not wait for the second. */
  turns: readonly Turn[]
  /** The customer's last words, and the agent's. */
  thanks: string
  farewell: string
}

const say = (text: string): Line => ({ kind: 'text', text })
const image = (caption: string | null = null): Line => ({ kind: 'image', caption })
const voice = (): Line => ({ kind: 'voice' })

export const CONVERSATION_SCRIPTS: readonly ConversationScript[] = [
  {
    id: 'double-charge',
    team: 'customer_service',
    language: 'es',
    turns: [
      {
        customer: [
          say(
            'Hola, buenos días. Me cobraron dos veces la misma compra del viernes y sigo sin ver el reembolso.',
          ),
          image('Son estos dos cargos, de ${amount} cada uno.'),
        ],
        agent:
          'Buenos días. Ya veo los dos cargos con la terminación {digits}. Levanto la aclaración ahora mismo y te comparto el folio.',
      },
      {
        customer: [say('¿Y en cuánto tiempo cae en mi cuenta?')],
        agent:
          'Entre 24 y 72 horas hábiles. Tu folio es {folio}; con él puedes consultar el avance cuando quieras.',
      },
    ],
    thanks: 'Perfecto, ya quedó anotado el folio. Gracias por la rapidez.',
    farewell: 'Con gusto. Te aviso por aquí en cuanto la devolución quede aplicada.',
  },
  {
    id: 'refund-pending',
    team: 'customer_service',
    language: 'es',
    turns: [
      {
        customer: [
          say('Buenas tardes, ¿me ayudan con un reembolso que no llega? El pedido es el {order}.'),
        ],
        agent:
          'Claro que sí. Veo el pedido {order}: el reembolso salió ayer y tu banco lo aplica en un máximo de tres días hábiles.',
      },
      {
        customer: [say('Ya pasaron dos días 😕'), say('¿Me pueden mandar el comprobante?')],
        agent:
          'Te lo acabo de enviar a tu correo. Con la referencia {folio} tu banco puede ubicarlo.',
      },
    ],
    thanks: 'Ya lo recibí. Muchas gracias.',
    farewell: 'Por nada. Si el lunes no aparece, escríbenos por aquí mismo.',
  },
  {
    id: 'invoice',
    team: 'customer_service',
    language: 'es',
    turns: [
      {
        customer: [say('Hola, necesito la factura del pedido {order}, por favor.')],
        agent:
          'Con gusto. ¿Me compartes tu constancia de situación fiscal o el RFC y el uso de CFDI?',
      },
      {
        customer: [image('Esta es mi constancia'), say('Uso G03, gastos en general.')],
        agent: 'Gracias. La factura quedó timbrada y va en camino a tu correo, en PDF y XML.',
      },
    ],
    thanks: 'Excelente, ya la tengo. Gracias.',
    farewell: 'Listo. Que tengas buen día.',
  },
  {
    id: 'late-delivery',
    team: 'customer_service',
    language: 'es',
    turns: [
      {
        customer: [
          say('¿Dónde está mi pedido {order}? La entrega era para ayer.'),
          say('En la página dice en ruta desde el martes'),
        ],
        agent:
          'Una disculpa por la espera. La paquetería reportó una dirección incompleta. ¿Me confirmas calle, número y alguna referencia?',
      },
      {
        customer: [voice()],
        agent: 'Gracias, ya corregí la dirección. La entrega quedó para mañana antes de las 14:00.',
      },
      {
        customer: [say('¿Me avisan antes de llegar?')],
        agent: 'Sí, el repartidor te llama unos 20 minutos antes.',
      },
    ],
    thanks: 'Ok, quedo al pendiente. Gracias.',
    farewell: 'Gracias a ti por la paciencia.',
  },
  {
    id: 'unknown-charge',
    team: 'customer_service',
    language: 'es',
    turns: [
      {
        customer: [
          say('Urgente: tengo un cargo que no reconozco por ${amount}, creo que es fraude.'),
        ],
        agent:
          'Te leo. Bloqueé la tarjeta con terminación {digits} de forma preventiva. ¿La tienes contigo?',
      },
      {
        customer: [say('Sí, aquí la tengo. Nunca la presté.')],
        agent:
          'Gracias. Registré la aclaración con el folio {folio}. El abono provisional aparece hoy y el dictamen, en 10 días hábiles.',
      },
    ],
    thanks: 'Qué alivio, gracias por atender tan rápido.',
    farewell: 'Para eso estamos. Tu tarjeta nueva llega en 3 días.',
  },
  {
    id: 'wrong-item',
    team: 'customer_service',
    language: 'es',
    turns: [
      {
        customer: [
          say('Hola, mi pedido {order} llegó equivocado y quiero la devolución.'),
          image(),
          image('Esto fue lo que llegó'),
        ],
        agent:
          'Qué pena. Ya vi las fotos: te enviaron otro modelo. ¿Prefieres el cambio o la devolución del dinero?',
      },
      {
        customer: [say('El cambio, por favor.')],
        agent:
          'Listo. Pasan por el paquete mañana y el correcto sale hoy mismo. Tu guía es {folio}.',
      },
    ],
    thanks: 'Va, muchas gracias.',
    farewell: 'A ti. Cualquier cosa, aquí seguimos.',
  },
  {
    id: 'refund-english',
    team: 'customer_service',
    language: 'en',
    turns: [
      {
        customer: [say('Hi, I was charged twice for order {order} and I need a refund please.')],
        agent:
          'Hi, thanks for writing. I can see both charges for order {order}. I have just filed the refund of the second one.',
      },
      {
        customer: [say('How long will it take?')],
        agent: 'Up to three business days, depending on your bank. Your reference is {folio}.',
      },
    ],
    thanks: 'Great, thank you for the quick help!',
    farewell: 'You are welcome. Write here any time.',
  },
  {
    id: 'app-code',
    team: 'support',
    language: 'es',
    turns: [
      {
        customer: [
          say('No me deja confirmar el código en la aplicación, ya van tres veces.'),
          image('Este es el error'),
        ],
        agent:
          'Gracias por la captura. El código vence a los 60 segundos. ¿Tu teléfono tiene activada la hora automática?',
      },
      {
        customer: [say('No, la tenía en manual')],
        agent: 'Ahí está el detalle. Actívala en Ajustes, Fecha y hora, y pide un código nuevo.',
      },
      {
        customer: [say('¡Ya entró!')],
        agent: 'Excelente. ¿Te ayudo con algo más?',
      },
    ],
    thanks: 'No, es todo. Mil gracias.',
    farewell: 'Con gusto. Buen día.',
  },
  {
    id: 'password',
    team: 'support',
    language: 'es',
    turns: [
      {
        customer: [say('Hola, olvidé mi contraseña y no puedo entrar a la app.')],
        agent:
          'Hola. Te mando un enlace para cambiarla; dura 30 minutos. ¿Te llega al correo que termina en gmail.com?',
      },
      {
        customer: [say('Sí, ese es mi correo'), say('Ya me llegó')],
        agent: 'Perfecto. Usa al menos 12 caracteres y no repitas la anterior.',
      },
    ],
    thanks: 'Listo, ya pude entrar. Gracias.',
    farewell: 'Qué bueno. Aquí estamos.',
  },
  {
    id: 'blocked-account',
    team: 'support',
    language: 'es',
    turns: [
      {
        customer: [say('Mi cuenta aparece bloqueada y necesito acceso hoy mismo.')],
        agent:
          'La bloqueó el sistema por varios intentos fallidos. Para reactivarla necesito validar tu identidad. ¿Me das tu fecha de nacimiento?',
      },
      {
        customer: [say('14 de marzo de 1987')],
        agent:
          'Gracias, coincide. Ya está activa; cierra la sesión en los demás equipos al entrar.',
      },
    ],
    thanks: 'Ya quedó, muchas gracias.',
    farewell: 'De nada. Que te vaya bien.',
  },
  {
    id: 'app-crash',
    team: 'support',
    language: 'es',
    turns: [
      {
        customer: [
          say('Después de actualizar, la app se cierra sola. No funciona para nada.'),
          voice(),
        ],
        agent: 'Gracias por el audio. ¿Qué modelo de teléfono tienes y qué versión de Android?',
      },
      {
        customer: [say('Un Moto G54 con Android 14')],
        agent:
          'Es una falla conocida con esa versión. Borra la caché de la app e instala la 5.2.1, que salió hace una hora.',
      },
      {
        customer: [say('Dame 5 minutos y te digo')],
        agent: 'Claro, aquí espero.',
      },
    ],
    thanks: 'Ya abre bien. Gracias por la ayuda.',
    farewell: 'Qué bien. Gracias por avisar.',
  },
  {
    id: 'login-english',
    team: 'support',
    language: 'en',
    turns: [
      {
        customer: [say('Hello, the login is not working for me. I get an error with the code.')],
        agent:
          'Hi there. Could you check that date and time are set automatically on your phone? The code depends on it.',
      },
      {
        customer: [say('They are automatic. Still the same error.'), image('Here is what I see')],
        agent:
          'Thanks, that helps: your number changed. I have updated it, please ask for a new code.',
      },
    ],
    thanks: 'That did it. Thanks a lot!',
    farewell: 'Glad to hear it. Have a good day.',
  },
  {
    id: 'statement-app',
    team: 'support',
    language: 'es',
    turns: [
      {
        customer: [say('La aplicación me marca error al descargar mi constancia de movimientos.')],
        agent: 'Gracias por avisar. ¿De qué periodo la necesitas? La puedo generar yo desde aquí.',
      },
      {
        customer: [say('De enero a octubre, por favor.')],
        agent: 'Listo, la envié a tu correo. El error de la app lo reporté con el folio {folio}.',
      },
    ],
    thanks: 'Ya la tengo. Gracias.',
    farewell: 'Con gusto.',
  },
  {
    id: 'price-plan',
    team: 'sales',
    language: 'es',
    turns: [
      {
        customer: [say('Hola, ¿qué precio tiene el plan para 10 usuarios?')],
        agent:
          'Hola. El plan Equipo cuesta $1,890 al mes por 10 usuarios, IVA incluido. ¿Lo quieres mensual o anual?',
      },
      {
        customer: [say('¿El anual tiene descuento?')],
        agent: 'Sí, 15 %: queda en $19,278 por el año. Te puedo mandar la cotización en PDF.',
      },
      {
        customer: [say('Sí, mándamela por favor')],
        agent: 'Enviada. Tiene vigencia de 15 días y tu número de cotización es {folio}.',
      },
    ],
    thanks: 'Gracias, la reviso con mi socio.',
    farewell: 'Perfecto. Quedo al pendiente.',
  },
  {
    id: 'promotion',
    team: 'sales',
    language: 'es',
    turns: [
      {
        customer: [say('Buenas, vi la promoción de noviembre. ¿Sigue vigente?'), image('Esta')],
        agent: 'Buenas. Sí, termina el día 30: tres meses al 50 % si contratas en línea.',
      },
      {
        customer: [say('¿Aplica si ya soy cliente?')],
        agent: 'Aplica si cambias a un plan mayor. Con tu plan actual te convendría el Negocio.',
      },
    ],
    thanks: 'Va, lo pienso y les digo. Gracias.',
    farewell: 'Claro. Te guardo la promoción hasta el viernes.',
  },
  {
    id: 'quote-stores',
    team: 'sales',
    language: 'es',
    turns: [
      {
        customer: [say('Quiero cotizar el servicio para 3 sucursales en Querétaro.')],
        agent: 'Con gusto. ¿Cuántas personas atienden en cada sucursal y qué canales usan hoy?',
      },
      {
        customer: [say('Como 6 en cada una'), say('Puro WhatsApp')],
        agent:
          'Entonces el plan Negocio: $3,400 al mes por las tres. ¿Te marca un asesor mañana a las 10:00?',
      },
      {
        customer: [say('Mejor a las 12')],
        agent: 'Agendado: mañana a las 12:00 te marca Renata.',
      },
    ],
    thanks: 'Perfecto, gracias.',
    farewell: 'Gracias por tu interés. Hasta mañana.',
  },
  {
    id: 'buy-terminal',
    team: 'sales',
    language: 'es',
    turns: [
      {
        customer: [say('¿Dónde puedo comprar otra terminal y qué precio tiene?')],
        agent:
          'La terminal nueva está en $799 y llega en 48 horas. ¿Te la envío al domicilio de tu cuenta?',
      },
      {
        customer: [voice(), say('Con el mismo domicilio')],
        agent: 'Listo, tu pedido es el {order}. El cargo aparece al entregarse.',
      },
    ],
    thanks: 'Muchas gracias.',
    farewell: 'A ti. Que la disfrutes.',
  },
  {
    id: 'upgrade-english',
    team: 'sales',
    language: 'en',
    turns: [
      {
        customer: [say('Hi, what is the price to upgrade my plan to 20 users?')],
        agent: 'Hi. The Business plan for 20 users is 3,400 pesos a month. Would you like a quote?',
      },
      {
        customer: [say('Yes please, with the yearly discount.')],
        agent: 'Sent. It is valid for 15 days; the reference is {folio}.',
      },
    ],
    thanks: 'Thank you, I will get back to you.',
    farewell: 'Of course. Talk soon.',
  },
]

/** What somebody writes who waits too long. */
export const NUDGES: Record<Language, readonly string[]> = {
  es: ['¿Hola? ¿Hay alguien?', '¿Me pueden ayudar, por favor?', 'Sigo esperando'],
  en: ['Hello? Is anybody there?', 'Any news, please?'],
}

/** The particulars of one run of a script. */
export type Particulars = Record<'folio' | 'amount' | 'order' | 'digits', string>

export function inventParticulars(random: Random): Particulars {
  const pesos = random.between(149, 4999)
  return {
    folio: `AC-${random.between(10_000, 99_999)}`,
    amount: `${pesos.toLocaleString('en-US')}.00`,
    order: String(random.between(400_000, 499_999)),
    digits: String(random.between(1000, 9999)),
  }
}

export function fillIn(text: string, particulars: Particulars): string {
  return text.replace(
    /\{(folio|amount|order|digits)\}/g,
    (_, name: keyof Particulars) => particulars[name],
  )
}
