import { type Priority } from '../conversation/priority.ts'

/**
 * The classifier that is always there: no network, no model, the same answer for the same words. It
 * guesses the language, finds the team by keywords and raises the priority for words that cannot wait.
 */

export type Language = 'es' | 'en'

export interface TriageTeam {
  id: string
  slug: string
}

export interface TriageDecision {
  teamId: string
  language: Language
  priority: Priority
  /** Skill names with the level needed. */
  requiredSkills: Record<string, number>
  /** The words that decided, for the audit trail. */
  matched: { team: string[]; priority: string[]; language: string[] }
  fallback: boolean
}

const TEAM_WORDS: Record<string, readonly string[]> = {
  sales: [
    'comprar',
    'precio',
    'precios',
    'cotizacion',
    'cotizar',
    'promocion',
    'contratar',
    'plan',
    'planes',
    'descuento',
    'catalogo',
    'buy',
    'price',
    'pricing',
    'quote',
    'purchase',
    'discount',
    'upgrade',
    'sales',
  ],
  support: [
    'error',
    'falla',
    'fallo',
    'no funciona',
    'no puedo',
    'no me deja',
    'contrasena',
    'codigo',
    'aplicacion',
    'app',
    'bloqueada',
    'bloqueado',
    'acceso',
    'actualizar',
    'not working',
    'broken',
    'password',
    'login',
    'log in',
    'crash',
    'bug',
    'code',
    'locked',
  ],
  customer_service: [
    'cargo',
    'cobro',
    'reembolso',
    'devolucion',
    'factura',
    'pago',
    'queja',
    'entrega',
    'pedido',
    'envio',
    'aclaracion',
    'charge',
    'refund',
    'invoice',
    'payment',
    'complaint',
    'delivery',
    'order',
    'shipping',
  ],
}

const URGENT_WORDS = [
  'urgente',
  'emergencia',
  'fraude',
  'robo',
  'robaron',
  'hackearon',
  'urgent',
  'emergency',
  'fraud',
  'stolen',
  'hacked',
]
const HIGH_WORDS = [
  'hoy mismo',
  'inmediato',
  'cobraron dos veces',
  'doble cargo',
  'charged twice',
  'asap',
  'today',
]

const LANGUAGE_WORDS: Record<Language, readonly string[]> = {
  es: [
    'hola',
    'buenos',
    'buenas',
    'gracias',
    'por favor',
    'que',
    'como',
    'para',
    'mi',
    'el',
    'la',
    'los',
    'de',
    'una',
    'quiero',
    'necesito',
    'tengo',
    'puedo',
    'donde',
    'cuando',
    'es',
    'con',
  ],
  en: [
    'hello',
    'hi',
    'thanks',
    'thank',
    'please',
    'the',
    'my',
    'is',
    'how',
    'what',
    'where',
    'when',
    'i',
    'need',
    'want',
    'have',
    'can',
    'you',
    'with',
    'for',
    'and',
    'to',
  ],
}

/**
 * @param text the customer's words; empty for pictures and the like
 * @param teams the active teams, in any order
 * @param fallbackTeamId where a conversation goes that no keyword places
 */
export function classifyMessage(
  text: string,
  teams: readonly TriageTeam[],
  fallbackTeamId: string,
): TriageDecision {
  const words = normalise(text)
  const language = guessLanguage(words)
  const team = bestTeam(words, teams)
  const urgent = URGENT_WORDS.filter((word) => contains(words, word))
  const high = HIGH_WORDS.filter((word) => contains(words, word))
  return {
    teamId: team?.id ?? fallbackTeamId,
    language: language.value,
    priority: urgent.length > 0 ? 'urgent' : high.length > 0 ? 'high' : 'normal',
    // Spanish is everybody's language here; anything else needs somebody who speaks it.
    requiredSkills: language.value === 'en' ? { english: 3 } : {},
    matched: {
      team: team?.matched ?? [],
      priority: [...urgent, ...high],
      language: language.matched,
    },
    fallback: team === null,
  }
}

/** Lower case, no accents, single spaces, with a space at both ends so that whole words can be found. */
function normalise(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return ` ${plain.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `
}

function contains(words: string, phrase: string): boolean {
  return words.includes(` ${phrase} `)
}

function guessLanguage(words: string): { value: Language; matched: string[] } {
  const spanish = LANGUAGE_WORDS.es.filter((word) => contains(words, word))
  const english = LANGUAGE_WORDS.en.filter((word) => contains(words, word))
  return english.length > spanish.length
    ? { value: 'en', matched: english }
    : { value: 'es', matched: spanish }
}

function bestTeam(
  words: string,
  teams: readonly TriageTeam[],
): { id: string; matched: string[] } | null {
  let best: { id: string; slug: string; matched: string[] } | null = null
  for (const team of [...teams].toSorted((a, b) => (a.slug < b.slug ? -1 : 1))) {
    const matched = (TEAM_WORDS[team.slug] ?? []).filter((word) => contains(words, word))
    if (matched.length > 0 && matched.length > (best?.matched.length ?? 0)) {
      best = { ...team, matched }
    }
  }
  return best
}
