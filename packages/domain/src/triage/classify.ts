import { type Priority } from '../conversation/priority.ts'
import { guessLanguage, type Language } from './language.ts'
import { containsPhrase, toWords } from './words.ts'

/**
 * The classifier that is always there: no network, no model, the same answer for the same words. It
 * guesses the language, finds the team by keywords and raises the priority for words that cannot wait.
 */

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
  const words = toWords(text)
  const language = guessLanguage(words)
  const team = bestTeam(words, teams)
  const urgent = URGENT_WORDS.filter((word) => containsPhrase(words, word))
  const high = HIGH_WORDS.filter((word) => containsPhrase(words, word))
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

function bestTeam(
  words: string,
  teams: readonly TriageTeam[],
): { id: string; matched: string[] } | null {
  let best: { id: string; slug: string; matched: string[] } | null = null
  for (const team of [...teams].toSorted((a, b) => (a.slug < b.slug ? -1 : 1))) {
    const matched = (TEAM_WORDS[team.slug] ?? []).filter((word) => containsPhrase(words, word))
    if (matched.length > 0 && matched.length > (best?.matched.length ?? 0)) {
      best = { ...team, matched }
    }
  }
  return best
}
