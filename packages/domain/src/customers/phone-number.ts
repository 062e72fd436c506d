import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

const PHONE = /^\+\d{5,15}$/

/** Whether an identity is a number that can be called. */
export function isPhone(externalId: string): boolean {
  return PHONE.test(externalId)
}

/**
 * As people write it in its country, with the country's code: +52 55 5012 3456. WhatsApp still writes the 1 that Mexico
 * gave up in 2019, and nobody dials it. What is no number of any country's is left as it came.
 *
 * @param phone with a plus sign
 */
export function groupedPhone(phone: string): string {
  const dialled = phone.replace(/^\+521(\d{10})$/, '+52$1')
  return parsePhoneNumberFromString(dialled)?.formatInternational() ?? dialled
}
