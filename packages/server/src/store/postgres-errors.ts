import { StoreUnavailableError, UnstorableTextError } from './database.ts'
import { MigrationError } from './migration.ts'
import { UnusableStoreError } from './unusable.ts'

/**
 * SQLSTATE classes and codes of a database that cannot be used now: connection (08), transaction rollback (40), insufficient
 * resources such as a full disk (53), operator intervention such as a shutdown (57), system error (58), read-only
 * transaction after a failover (25006), lock not available (55P03).
 */
const UNAVAILABLE_SQLSTATE = /^(08|40|53|57|58|25006|55P03)/

/** The errors at a start that the operator mends, by SQLSTATE. */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'the password is wrong, or the role does not exist: correct the user and the password',
  '28000': 'the server does not let this role in: correct the user, the TLS settings or pg_hba.conf',
  '3D000': 'the database does not exist: create it',
  '3F000': 'no schema to create tables in: correct search_path, or create the schema',
  '42501':
    'the role has too few rights: run "tokenkeep migrate" as the owner of the tables, and grant this role SELECT, INSERT, UPDATE and DELETE on them',
}

/** The faults of TLS that the operator mends, by the code of Node's error. */
const UNVERIFIED =
  'name the file of the certificate that signed it with sslrootcert, or set sslmode=no-verify if nobody can intercept the connection'
const TLS_FAULTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNVERIFIED,
  SELF_SIGNED_CERT_IN_CHAIN: UNVERIFIED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNVERIFIED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNVERIFIED,
  ERR_TLS_CERT_ALTNAME_INVALID: 'use the host name that is in the certificate',
  CERT_HAS_EXPIRED: 'renew the certificate of the database',
}

/** What the operator can do about an error of TLS. Undefined for other errors. */
function adviceOnTls(error: unknown): string | undefined {
  const { code = '', syscall, message = '' } = (error ?? {}) as NodeJS.ErrnoException
  // The driver reads the files that the URL names.
  if (syscall === 'open' || syscall === 'read') return 'correct sslrootcert, sslcert and sslkey'
  if (message.includes('does not support SSL')) return 'switch TLS on there, or remove sslmode'
  return TLS_FAULTS[code]
}

/** Turns an error of the connection or of an unusable database into {@link StoreUnavailableError}. */
export async function mapErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    // These are errors of this process, not of the connection.
    if (
      [UnstorableTextError, UnusableStoreError, MigrationError, TypeError].some((own) => error instanceof own)
    )
      throw error
    const { code = '', message, severity } = error as { code?: string; message: string; severity?: string }
    // PostgreSQL's own errors have a severity. An error without it means that the connection is broken, refused or timed out.
    if (severity !== undefined && !UNAVAILABLE_SQLSTATE.test(code)) throw error
    // Node tries all addresses of a name. That error has no message of its own.
    throw new StoreUnavailableError(message || code, { cause: error })
  }
}

/** Does the same while the store is opened, and says what the operator can do if PostgreSQL refuses. */
export const mapOpeningErrors = <T>(work: Promise<T>): Promise<T> =>
  mapErrors(work).catch((error: unknown) => {
    const { code = '', message, cause } = error as { code?: string; message: string; cause?: unknown }
    const advice = REFUSALS[code] ?? adviceOnTls(cause)
    throw advice === undefined ? error : new UnusableStoreError(`${message}: ${advice}`, { cause: error })
  })
