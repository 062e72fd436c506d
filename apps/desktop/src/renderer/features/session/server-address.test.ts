import { describe, expect, it } from 'vitest'

import { completeServerUrl, serverName } from './server-address.ts'

describe("the server's address", () => {
  it('is https unless one says otherwise', () => {
    expect(completeServerUrl(' parley.example ')).toBe('https://parley.example')
    expect(completeServerUrl('http://localhost:4000')).toBe('http://localhost:4000')
    expect(serverName('https://parley.example/')).toBe('parley.example')
  })
})
