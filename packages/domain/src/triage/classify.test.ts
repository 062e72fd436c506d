import { describe, expect, test } from 'vitest'

import { classifyMessage } from './classify.ts'

const TEAMS = [
  { id: '1', slug: 'sales' },
  { id: '2', slug: 'support' },
  { id: '3', slug: 'customer_service' },
]
const classify = (text: string) => classifyMessage(text, TEAMS, '3')

describe('the built-in classifier', () => {
  test.each([
    ['Quiero cotizar un plan para mi empresa', '1', 'es'],
    ['No me deja entrar a la aplicación, me marca ERROR', '2', 'es'],
    ['¿Cuándo llega mi reembolso? Tengo un cargo que no reconozco', '3', 'es'],
    ['Hello, I want to buy the upgrade, what is the price?', '1', 'en'],
    ['My password is not working, please help', '2', 'en'],
  ])('places «%s»', (text, teamId, language) => {
    const decision = classify(text)
    expect(decision).toMatchObject({ teamId, language, fallback: false })
  })

  test('hears accents, capitals and punctuation as the words they are', () => {
    expect(classify('¡CONTRASEÑA!').matched.team).toEqual(['contrasena'])
  })

  test('does not find words inside other words', () => {
    expect(classify('apprendre pagode').fallback).toBe(true)
  })

  test('falls back where nothing fits, as for a picture without words', () => {
    expect(classify('')).toMatchObject({
      teamId: '3',
      priority: 'normal',
      language: 'es',
      fallback: true,
    })
  })

  test('raises the priority for what cannot wait', () => {
    expect(classify('Me robaron el teléfono, es urgente').priority).toBe('urgent')
    expect(classify('me cobraron dos veces').priority).toBe('high')
  })

  test('asks for English where the customer writes it', () => {
    expect(classify('Hello, how can I get a refund for my order please?').requiredSkills).toEqual({
      english: 3,
    })
    expect(classify('Hola, ¿cómo pido mi reembolso?').requiredSkills).toEqual({})
  })

  test('says the same for the same words, whatever the order of teams', () => {
    const text = 'precio error cargo'
    expect(classifyMessage(text, [...TEAMS].toReversed(), '3')).toEqual(classify(text))
  })
})
