/**
 * The version of all that server and workstation say to each other. A workstation states it when it signs
 * in and connects; a server serves every version from the oldest it still understands to its own.
 *
 * `protocol.test.ts` keeps the hash of the wire's schemas: whoever changes a schema is asked there
 * whether old workstations still understand it, and raises the version if they do not.
 */
export const PROTOCOL_VERSION = 6
/**
 * Version 1 knew no offers and version 2 no alerts; 3 falls over events and refusals that it has no words for. From 4
 * on a workstation passes over kinds of rows, events and codes that it does not know, so that a new one alone asks for
 * no new version. Version 4 expects a conversation in the answer to every intent, also when it has left one's reach;
 * 5 expects presence in people's rows, and a load that brings everything.
 */
export const OLDEST_SERVED_PROTOCOL_VERSION = 6

export function isServedProtocolVersion(version: number): boolean {
  return version >= OLDEST_SERVED_PROTOCOL_VERSION && version <= PROTOCOL_VERSION
}
