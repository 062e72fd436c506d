import { fragment } from '../../platform/sql.ts'
import { type Operator } from '../../platform/search-operator.ts'

/**
 * `due:overdue` and `due:warning`, which what is overdue is, too: by the clocks that run. A clock without a warning
 * warns when it is due.
 */
export const dueOperator: Operator = (value, { now }) => {
  if (value === 'overdue') return fragment`c.next_due_at <= ${now}::timestamptz`
  if (value !== 'warning') return null
  return fragment`c.status <> 'closed' AND EXISTS (
    SELECT FROM sla_timers t
    WHERE t.conversation_id = c.id AND t.state = 'running' AND COALESCE(t.warns_at, t.due_at) <= ${now}::timestamptz)`
}
