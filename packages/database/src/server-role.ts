import { connectClient, parseConnectionString } from './connect.ts'
import { DatabaseError, firstLine } from './database-error.ts'

/** Their rows are the server's; what they are is whoever's who migrates. */
const SCHEMAS = 'public, graphile_worker'

/**
 * Lets a role do what the server does and nothing else: rows come, change and go, tables stay as they are, and what the
 * audit log has stays as it was written. Of tables that come with later migrations, too.
 * @param role exists already, and is not the one that migrates
 * @throws DatabaseError connection-string-*, server-*, `server-role-unusable`
 */
export async function grantToServer(connectionString: string, role: string): Promise<void> {
  const client = await connectClient(parseConnectionString(connectionString), 'parley-migrate')
  try {
    const { rows } = await client.query<{ owns: boolean }>(
      `SELECT pg_has_role(rolname, current_user, 'MEMBER') OR rolsuper AS owns
       FROM pg_roles WHERE rolname = $1`,
      [role],
    )
    const [found] = rows
    if (found === undefined) throw unusable(role, 'there is no such role; create it with a login')
    if (found.owns) throw unusable(role, 'it may do all that whoever migrates may do')
    const { rows: guarded } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'graphile_worker' AND c.relrowsecurity`,
    )
    const to = client.escapeIdentifier(role)
    const policies = guarded.map(
      ({ name }) => `
        DROP POLICY IF EXISTS parley_server ON ${name};
        CREATE POLICY parley_server ON ${name} TO ${to} USING (TRUE) WITH CHECK (TRUE);`,
    )
    // One statement after the other in one transaction, as a text without parameters is run.
    await client.query(`
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA ${SCHEMAS} TO ${to};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMAS} TO ${to};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${SCHEMAS} TO ${to};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${SCHEMAS} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${to};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${SCHEMAS} GRANT USAGE, SELECT ON SEQUENCES TO ${to};
      GRANT EXECUTE ON FUNCTION refresh_queue_summary() TO ${to};
      REVOKE UPDATE ON audit_log FROM ${to};
      REVOKE INSERT, UPDATE, DELETE ON parley_schema, parley_migrations, graphile_worker.migrations FROM ${to};
      ${policies.join('')}`)
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    throw new DatabaseError(
      'server-role-unusable',
      `Rights could not be given to ${role}: ${firstLine(error)}`,
      error,
    )
  } finally {
    await client.end()
  }
}

function unusable(role: string, why: string): DatabaseError {
  return new DatabaseError('server-role-unusable', `The server cannot be ${role}: ${why}`)
}
