import { type TeamSlug } from './people.ts'

export interface DemoCannedResponse {
  team: TeamSlug | null
  /** Personal: whose. */
  owner?: string
  shortcut: string
  title: string
  content: string
  language: 'es' | 'en'
  category: string
}

export const CANNED_RESPONSES: readonly DemoCannedResponse[] = [
  canned(
    null,
    '/saludo',
    'Saludo inicial',
    'Hola, {nombre}. Gracias por escribirnos. ¿En qué te puedo ayudar?',
    'General',
  ),
  canned(
    null,
    '/espera',
    'Un momento',
    'Permíteme un momento, {nombre}. Lo reviso y te digo.',
    'General',
  ),
  canned(null, '/despedida', 'Despedida', 'Con gusto, {nombre}. Que tengas buen día.', 'General'),
  canned(
    null,
    '/sin_respuesta',
    'Seguimos aquí',
    'Hola, {nombre}. ¿Pudiste revisar lo que te comenté? Si no necesitas nada más, cierro la conversación.',
    'General',
  ),
  canned(
    null,
    '/hello',
    'Greeting',
    'Hi {nombre}, thanks for writing. How can I help?',
    'General',
    'en',
  ),
  canned(
    'customer_service',
    '/devolucion_plazo',
    'Plazo de devolución',
    'La devolución se refleja entre 24 y 72 horas hábiles, {nombre}. Te aviso por aquí en cuanto quede aplicada.',
    'Devoluciones',
  ),
  canned(
    'customer_service',
    '/devolucion_folio',
    'Folio de aclaración',
    'Tu folio de aclaración es {folio}. Guárdalo para cualquier consulta.',
    'Devoluciones',
  ),
  canned(
    'customer_service',
    '/factura',
    'Datos para factura',
    'Con gusto, {nombre}. ¿Me compartes tu constancia de situación fiscal y el uso de CFDI?',
    'Facturas',
  ),
  canned(
    'customer_service',
    '/rastreo',
    'Guía de envío',
    'Tu guía es {guia}. La puedes consultar en la página de la paquetería; se actualiza cada hora.',
    'Envíos',
  ),
  canned(
    'customer_service',
    '/cargo_no_reconocido',
    'Cargo no reconocido',
    'Bloqueé tu tarjeta de forma preventiva, {nombre}. ¿La tienes contigo en este momento?',
    'Aclaraciones',
  ),
  canned(
    'support',
    '/contrasena',
    'Cambiar contraseña',
    'Te envío el enlace para cambiar tu contraseña: {enlace}. Dura 30 minutos.',
    'Acceso',
  ),
  canned(
    'support',
    '/hora_automatica',
    'Hora automática',
    'Revisa en Ajustes, Fecha y hora, que la hora sea automática: el código depende de ella.',
    'Acceso',
  ),
  canned(
    'support',
    '/cache',
    'Borrar caché',
    'En Ajustes, Aplicaciones, Parley, toca Almacenamiento y luego Borrar caché. No se pierde nada.',
    'Aplicación',
  ),
  canned(
    'support',
    '/version',
    'Versión de la app',
    '¿Me dices qué versión de la app tienes? Está en Perfil, Acerca de.',
    'Aplicación',
  ),
  canned(
    'sales',
    '/planes',
    'Planes y precios',
    'Hola, {nombre}. Equipo: $1,890 al mes por 10 usuarios. Negocio: $3,400 por 20. IVA incluido.',
    'Precios',
  ),
  canned(
    'sales',
    '/cotizacion',
    'Enviar cotización',
    'Te envié la cotización {folio} a tu correo, {nombre}. Tiene vigencia de 15 días.',
    'Precios',
  ),
  canned(
    'sales',
    '/llamada',
    'Agendar llamada',
    '¿Te queda bien una llamada de 15 minutos mañana a las {hora}?',
    'Citas',
  ),
  {
    ...canned(
      null,
      '/mi_firma',
      'Mi firma',
      'Quedo al pendiente. Mariana Solís, Atención a clientes.',
      'Personal',
    ),
    owner: 'mariana.solis@parley.example',
  },
]

function canned(
  team: TeamSlug | null,
  shortcut: string,
  title: string,
  content: string,
  category: string,
  language: 'es' | 'en' = 'es',
): DemoCannedResponse {
  return { team, shortcut, title, content, category, language }
}

export interface DemoTemplate {
  name: string
  language: string
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION'
  status: 'APPROVED' | 'PENDING' | 'REJECTED'
  components: readonly object[]
  rejectionReason?: string
}

const body = (text: string, ...example: string[]): object => ({
  type: 'BODY',
  text,
  ...(example.length === 0 ? {} : { example: { body_text: [example] } }),
})

export const WHATSAPP_TEMPLATES: readonly DemoTemplate[] = [
  {
    name: 'seguimiento',
    language: 'es_MX',
    category: 'UTILITY',
    status: 'APPROVED',
    components: [body('Hola {{1}}, ¿aún necesitas ayuda con {{2}}?', 'Lucía', 'tu devolución')],
  },
  {
    name: 'aclaracion_registrada',
    language: 'es_MX',
    category: 'UTILITY',
    status: 'APPROVED',
    components: [
      body(
        'Hola, {{1}}. Registramos tu aclaración con el folio {{2}} por {{3}}. ¿Quieres recibir avisos de su avance?',
        'Lucía',
        'AC-20817',
        '$1,249.00',
      ),
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Sí, avísenme' },
          { type: 'QUICK_REPLY', text: 'No, gracias' },
        ],
      },
    ],
  },
  {
    name: 'recordatorio_documentos',
    language: 'es_MX',
    category: 'UTILITY',
    status: 'APPROVED',
    components: [
      body(
        'Hola, {{1}}. Nos falta {{2}} para terminar tu trámite. Respóndenos por aquí cuando lo tengas.',
        'Refugio',
        'tu comprobante de domicilio',
      ),
    ],
  },
  {
    name: 'follow_up',
    language: 'en',
    category: 'UTILITY',
    status: 'APPROVED',
    components: [body('Hi {{1}}, do you still need help with {{2}}?', 'Kayla', 'your refund')],
  },
  {
    name: 'codigo_acceso',
    language: 'es_MX',
    category: 'AUTHENTICATION',
    status: 'APPROVED',
    components: [body('{{1}} es tu código de verificación.', '482913')],
  },
  {
    name: 'promocion_noviembre',
    language: 'es_MX',
    category: 'MARKETING',
    status: 'PENDING',
    components: [
      body(
        '{{1}}, este mes tu segundo plan va a mitad de precio. Responde PLAN para saber más.',
        'Óscar',
      ),
    ],
  },
  {
    name: 'premio_inmediato',
    language: 'es_MX',
    category: 'MARKETING',
    status: 'REJECTED',
    components: [body('Felicidades {{1}}, ganaste. Reclama ya.', 'Iván')],
    rejectionReason: 'ABUSIVE_CONTENT',
  },
]

export const TAGS: readonly { name: string; color: string; team: TeamSlug | null }[] = [
  { name: 'cliente frecuente', color: '#3B82F6', team: null },
  { name: 'queja', color: '#EC4899', team: null },
  { name: 'cobro duplicado', color: '#F97316', team: 'customer_service' },
  { name: 'aclaración', color: '#8B5CF6', team: 'customer_service' },
  { name: 'envío', color: '#22C55E', team: 'customer_service' },
  { name: 'acceso', color: '#3B82F6', team: 'support' },
  { name: 'falla de la app', color: '#EC4899', team: 'support' },
  { name: 'cotización', color: '#22C55E', team: 'sales' },
  { name: 'seguimiento', color: '#64748B', team: 'sales' },
]

/** Which tags go with which topic of the history. */
export const TAGS_OF_SCRIPT: Readonly<Record<string, readonly string[]>> = {
  'double-charge': ['cobro duplicado', 'aclaración'],
  'unknown-charge': ['aclaración'],
  'late-delivery': ['envío', 'queja'],
  'wrong-item': ['envío'],
  'app-code': ['acceso'],
  password: ['acceso'],
  'blocked-account': ['acceso'],
  'app-crash': ['falla de la app'],
  'price-plan': ['cotización'],
  'quote-stores': ['cotización', 'seguimiento'],
}

/** What colleagues leave for each other on some conversations. */
export const NOTES: Readonly<Record<string, string>> = {
  'double-charge':
    'El segundo cargo ya está en el lote de devoluciones de hoy. No levantar otro folio.',
  'unknown-charge': 'Cliente validado por dos preguntas. Tarjeta repuesta sin costo.',
  'late-delivery':
    'La paquetería confirmó la ruta de mañana. Si vuelve a fallar, reembolso directo.',
  'quote-stores': 'Quiere ver la integración con su punto de venta antes de firmar.',
}
