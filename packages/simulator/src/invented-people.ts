import { type SimulatedContact } from './payloads.ts'
import { createRandom } from './random.ts'

const FIRST_NAMES = [
  'Lucía',
  'Héctor',
  'Iván',
  'Diana',
  'Óscar',
  'Refugio',
  'Ofelia',
  'Ximena',
  'Samuel',
  'Abril',
  'Ángela',
  'Bruno',
  'Camila',
  'Damián',
  'Elisa',
  'Fabián',
  'Graciela',
  'Hugo',
  'Itzel',
  'Jacinto',
  'Karina',
  'Leonel',
  'Maite',
  'Néstor',
  'Olga',
  'Patricio',
  'Quetzalli',
  'Rebeca',
  'Saúl',
  'Tamara',
  'Ulises',
  'Valeria',
  'Wendy',
  'Yolanda',
  'Zacarías',
  'Citlali',
  'Efraín',
  'Montserrat',
  'Rogelio',
  'Nayeli',
] as const
const LAST_NAMES = [
  'Barrientos',
  'Quintanilla',
  'Rentería',
  'Fuentes',
  'Villaseñor',
  'Anaya',
  'Narváez',
  'Ordaz',
  'Ibarra',
  'Santoyo',
  'Peña',
  'Zúñiga',
  'Arizmendi',
  'Bátiz',
  'Cervantes',
  'Echeverría',
  'Galindo',
  'Huerta',
  'Jaramillo',
  'Lozano',
  'Maldonado',
  'Nolasco',
  'Olvera',
  'Palafox',
  'Quiroga',
  'Robledo',
  'Sandoval',
  'Tovar',
  'Urrutia',
  'Valdovinos',
  'Yáñez',
  'Zepeda',
] as const
const ENGLISH_NAMES = [
  'Kayla Whitmore',
  'Meredith Lowe',
  'Trevor Haskins',
  'Joanna Pruitt',
  'Derek Solberg',
  'Felicia Marsh',
  'Nolan Abbott',
  'Brianna Keogh',
] as const

/** Area codes: Mexico City, Guadalajara, Monterrey, Puebla, Querétaro, Mérida, Tijuana. */
const AREA_CODES = ['55', '33', '81', '222', '442', '999', '664'] as const

export type Language = 'es' | 'en'

export interface InventedPerson extends SimulatedContact {
  language: Language
}

/** One in this many writes in English. */
const ENGLISH_EVERY = 7

/**
 * Customers who do not exist: always the same first N for the same seed, with different telephone numbers.
 * A number begins with an area code and `01`, which no Mexican subscriber has.
 */
export function inventPeople(count: number, seed = 'parley'): InventedPerson[] {
  const random = createRandom(`people:${seed}`)
  const taken = new Set<string>()
  const names = new Set<string>()
  return Array.from({ length: count }, (_, index) => {
    const language: Language = index % ENGLISH_EVERY === ENGLISH_EVERY - 1 ? 'en' : 'es'
    return { phone: newPhone(), name: newName(language), language }
  })

  /** A name of one's own, as long as there are some left. */
  function newName(language: Language): string {
    for (let attempt = 1; ; attempt++) {
      const name =
        language === 'en'
          ? random.pick(ENGLISH_NAMES)
          : `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`
      if (names.has(name) && attempt < 20) continue
      names.add(name)
      return name
    }
  }

  function newPhone(): string {
    for (;;) {
      const area = random.pick(AREA_CODES)
      const rest = String(random.between(0, 10 ** (8 - area.length) - 1))
      // As WhatsApp writes Mexican numbers: 52, a 1 for mobiles, ten digits.
      const phone = `521${area}01${rest.padStart(8 - area.length, '0')}`
      if (taken.has(phone)) continue
      taken.add(phone)
      return phone
    }
  }
}
