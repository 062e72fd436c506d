import { z } from 'zod'

import { id } from '../primitives.ts'
import { problemRow } from './rows.ts'

/** Of two people the first counts; what is over stays as it ended. @throws `not_found` */
export const acknowledgeProblemInput = z.object({ problemId: id })
/** As it stands then. */
export const problemOutput = z.object({ problem: problemRow })
