import { parentPort, workerData } from 'node:worker_threads'

import { replayRouting, type ReplayedArrival, type ReplayedPerson } from '@parley/domain'

import { type ReplayTask, type ReplayedTwice, type ToReplayWorker } from './replay.ts'

/** The thread in which a past period is run again: once as the team is set, once as it is proposed. */

if (parentPort === null) throw new Error('a replay runs in a worker thread')
const port = parentPort
const { present, changed, capacity, people, ...period } = workerData as ReplayTask
const arrivals: ReplayedArrival[] = []

port.on('message', (message: ToReplayWorker) => {
  if (message.type === 'arrivals') {
    arrivals.push(...message.arrivals)
    return
  }
  const result: ReplayedTwice = {
    present: replayRouting({ ...period, arrivals, people, settings: present }),
    changed: replayRouting({
      ...period,
      arrivals,
      people: capacity === null ? people : people.map((person) => withCapacity(person, capacity)),
      settings: changed,
    }),
  }
  port.postMessage(result)
})

function withCapacity(person: ReplayedPerson, capacity: number): ReplayedPerson {
  return { ...person, presence: person.presence.map((part) => ({ ...part, capacity })) }
}
