import { expect, test } from 'vitest'

import { createCircuitBreaker } from './circuit-breaker.ts'

function breaker() {
  let now = 1000
  return {
    ...createCircuitBreaker(() => now),
    wait: (ms: number) => void (now += ms),
  }
}

test('leaves alone what fails five times in a row, and tries one call after the pause', () => {
  const { mayTry, failed, succeeded, wait } = breaker()
  for (let index = 0; index < 4; index++) expect(failed()).toBe(false)
  expect(mayTry()).toBe(true)
  expect(failed()).toBe(true)
  expect(mayTry()).toBe(false)
  wait(29_999)
  expect(mayTry()).toBe(false)
  wait(1)
  expect([mayTry(), mayTry()]).toEqual([true, false])
  expect(failed()).toBe(true)
  expect(mayTry()).toBe(false)
  wait(30_000)
  expect(mayTry()).toBe(true)
  succeeded()
  expect([mayTry(), mayTry()]).toEqual([true, true])
})

test('a success in between begins the count again', () => {
  const { mayTry, failed, succeeded } = breaker()
  for (let index = 0; index < 20; index++) {
    if (index % 4 === 3) succeeded()
    else failed()
  }
  expect(mayTry()).toBe(true)
})

test('calls that were under way when it broke do not prolong the pause', () => {
  const { mayTry, failed, wait } = breaker()
  for (let index = 0; index < 5; index++) failed()
  wait(20_000)
  expect(failed()).toBe(false)
  wait(10_000)
  expect(mayTry()).toBe(true)
})
