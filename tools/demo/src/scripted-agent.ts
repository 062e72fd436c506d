import { setTimeout as sleep } from 'node:timers/promises'

import { createRandom, suggestAnswer, type Random } from '@parley/simulator'
import { type Page } from 'playwright-core'

/** Between two things that the agent does. */
const THINK_MS = [1_500, 4_000] as const
const KEY_DELAY_MS = 8
const STEP_TIMEOUT_MS = 10_000

interface Waiting {
  id: string
  text: string | null
  /** WhatsApp's 24 hours are over. */
  windowClosed: boolean
}

/**
 * Works through the open inbox as a person would: opens what waits, types the answer, presses Enter, and
 * closes what the customer has thanked for. Reads through the page's own bridge, acts by mouse and keyboard.
 */
export async function workInbox(
  page: Page,
  options: { seed: string; stopped: AbortSignal; onProblem: (problem: string) => void },
): Promise<void> {
  const random = createRandom(`workstation:${options.seed}`)
  let lastProblem = ''
  while (!options.stopped.aborted) {
    try {
      const waiting = await page.evaluate(readFirstWaiting)
      if (waiting !== null) await attend(page, waiting, random)
      lastProblem = ''
    } catch (error) {
      if (options.stopped.aborted) return
      // One and the same over and over is told once.
      const problem =
        error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error)
      if (problem !== lastProblem) options.onProblem(problem)
      lastProblem = problem
    }
    await sleep(random.between(...THINK_MS), undefined, { signal: options.stopped }).catch(() => {})
  }
}

async function attend(page: Page, waiting: Waiting, random: Random): Promise<void> {
  await page
    .locator(`[role=option][data-conversation-id="${waiting.id}"]`)
    .click({ timeout: STEP_TIMEOUT_MS })
  if (waiting.windowClosed) return closeUnreachable(page)
  const answer = suggestAnswer(waiting.text, random)
  const field = page.locator('textarea[aria-haspopup=listbox]')
  await field.click({ timeout: STEP_TIMEOUT_MS })
  await field.fill('')
  await field.pressSequentially(answer.text, { delay: KEY_DELAY_MS })
  if (!answer.closes) return field.press('Enter')
  await field.press('Control+Shift+Enter')
  // The reasons' menu; the first is "resolved".
  await page.getByRole('menuitem').first().click({ timeout: STEP_TIMEOUT_MS })
}

/** Only a template could reach the customer now; what the agent can do is to end it, as unanswered. */
async function closeUnreachable(page: Page): Promise<void> {
  await page.keyboard.press('e')
  await page.getByRole('menuitem').nth(1).click({ timeout: STEP_TIMEOUT_MS })
}

/** Runs in the page. The first conversation that waits for this agent, with the customer's newest words. */
async function readFirstWaiting(): Promise<Waiting | null> {
  interface Answer<Value> {
    ok: boolean
    value: Value
  }
  interface Bridge {
    call(
      method: 'inbox.list',
      input: object,
    ): Promise<Answer<{ sections: { key: string; rows: { id: string }[] }[] }>>
    call(
      method: 'conversation.get',
      input: object,
    ): Promise<Answer<{ windowEndsAt: string | null; row: { channel: string } } | null>>
    call(method: 'conversation.thread', input: object): Promise<Answer<{ entries: Entry[] }>>
  }
  interface Entry {
    type: string
    message?: { direction: string; text: string | null }
  }
  const { parley } = globalThis as unknown as { parley: Bridge }
  const list = await parley.call('inbox.list', { view: { kind: 'mine' }, limit: 20 })
  const section = list.ok ? list.value.sections.find(({ key }) => key === 'awaiting_me') : undefined
  const [row] = section?.rows ?? []
  if (row === undefined) return null
  const conversation = await parley.call('conversation.get', { conversationId: row.id })
  const thread = await parley.call('conversation.thread', {
    conversationId: row.id,
    before: null,
    limit: 20,
  })
  if (!conversation.ok || conversation.value === null || !thread.ok) return null
  const inbound = thread.value.entries.findLast(({ message }) => message?.direction === 'inbound')
  const { windowEndsAt } = conversation.value
  return {
    id: row.id,
    text: inbound?.message?.text ?? null,
    windowClosed:
      conversation.value.row.channel === 'whatsapp' &&
      (windowEndsAt === null || Date.parse(windowEndsAt) <= Date.now()),
  }
}
