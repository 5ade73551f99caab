import { obstacle } from './obstacle.ts'
import { PasskeyError, toPasskeyError } from './passkey-error.ts'

/** Runs a ceremony, with the requests before and after it. If the signal is aborted, the browser's prompt closes. */
export async function ceremony<T>(
  kind: 'get' | 'create',
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const code = obstacle(kind)
  if (code) throw new PasskeyError(code)
  if (signal?.aborted) throw new PasskeyError('cancelled', { cause: signal.reason })
  try {
    return await run()
  } catch (error) {
    throw toPasskeyError(error)
  }
}
