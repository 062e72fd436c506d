import { z } from 'zod'

import { id, newId } from '../primitives.ts'
import { alertPreferences } from './rows.ts'

/** Ends it for everybody who was told of the same. @throws `not_found`; one that is over already changes nothing */
export const acknowledgeInput = z.object({ intentId: newId, alertId: id })
export const savePreferencesInput = z.object({ preferences: alertPreferences })
