import type { Mutant } from '../../core/test/apply-mutant.ts'

// This package with one law broken. `pnpm mutants` runs the tests against each: a law whose mutant survives is not tested.

const mutant = (law: string, file: string, ...edits: Mutant['edits']): Mutant => ({ law, file, edits })

export const mutants: readonly Mutant[] = [
  mutant('ssr: a record opens only under the name of its epoch', 'sealing/seal.ts', [
    'additionalData: new TextEncoder().encode(name),',
    'additionalData: new TextEncoder().encode(name.slice(0, 0)),',
  ]),
  mutant('ssr: apps that share a secret cannot open each other’s cookies', 'sealing/keys.ts', [
    '`tokenkeep ssr ${appId}`',
    '`tokenkeep ssr`',
  ]),
  mutant('ssr: a cookie that an unknown key has sealed stays', 'session/open-cookies.ts', [
    "      if (fault === 'foreign') return\n",
    '',
  ]),
  mutant('ssr: only the record of the epoch cookie counts', 'session/open-cookies.ts', [
    'record && of === epoch',
    'record',
  ]),
  mutant('ssr: a record of a later version is not replaced', 'session/open-cookies.ts', [
    'isReplaceable: !isNewerVersion(counting)',
    'isReplaceable: true',
  ]),
  mutant('ssr: the epoch cookie is written before the record', 'session/write-cookies.ts', [
    'return [setEpoch(record.epoch), ...(await setRecord(record.epoch, record)), ...old]',
    'return [...(await setRecord(record.epoch, record)), setEpoch(record.epoch), ...old]',
  ]),
  mutant('ssr: a sign-in deletes the old record', 'session/write-cookies.ts', [
    '...(await setRecord(record.epoch, record)), ...old]',
    '...(await setRecord(record.epoch, record))]',
  ]),
  mutant('ssr: a stray is deleted only after the server has answered', 'session/write-cookies.ts', [
    'return !revoked?.pendingRevocations.length',
    'return true',
  ]),
  mutant('ssr: a sign-out is kept until the server has answered', 'session/write-cookies.ts', [
    '(isTold || !epoch ? old : await setRecord(epoch, record))',
    'old',
  ]),
  mutant('ssr: a record that does not fit is not sent', 'session/write-cookies.ts', [
    'length <= MAX_COOKIE_LENGTH',
    'length <= 1e9',
  ]),
  mutant('ssr: a response with a cookie is never cached', 'session/server-session.ts', [
    "'private, no-store'",
    "'private'",
  ]),
  mutant('ssr: OPTIONS never refreshes', 'session/server-session.ts', ["method === 'OPTIONS' || ", '']),
  mutant('ssr: a short-lived token is refreshed late in its life', 'session/server-session.ts', [
    'Math.min(ahead, record.lifetime * MAX_AHEAD)',
    'ahead * 4',
  ]),
  mutant('ssr: a token that has just arrived is not rejected', 'session/server-session.ts', [
    ' && !isFresh(record, now())',
    '',
  ]),
  mutant('ssr: the browser cannot read the first retry id', 'session/server-session.ts', [
    'started.refreshToken ? await deriveRetryId(secret, started.refreshToken) : epoch',
    'epoch',
  ]),
  mutant('ssr: one process refreshes a record once', 'session/refresher.ts', [
    '    if (running) return running\n',
    '',
  ]),
  mutant('ssr: a failure pauses the whole process', 'session/refresher.ts', [
    'lastFailure: failures.get(key)',
    'lastFailure: undefined',
  ]),
  mutant('ssr: a superseded token ends nothing', 'session/ask-server.ts', [
    "answer.refused === 'displaced' ? { failed: 'unreachable' } : answer",
    'answer',
  ]),
  mutant('ssr: a revocation that failed is not tried again at once', 'session/revoker.ts', [
    '    pauses.set(revocation.sessionId, now() + PAUSE)\n',
    '',
  ]),
  mutant('ssr: instances agree on the time', 'environment.ts', [
    'offset = date - environment.now()',
    'offset = 0',
  ]),
  mutant('ssr: a slow answer does not turn the clock back', 'environment.ts', [
    'date < sent - TOLERANCE',
    'date < now() - TOLERANCE',
  ]),
  mutant('ssr: only pages of this origin change anything', 'http/same-origin.ts', [
    "site === 'same-origin' && (",
    '(',
  ]),
  mutant('ssr: without Sec-Fetch-Site, Origin decides', 'http/same-origin.ts', [
    'return sent === origin\n',
    'return true\n',
  ]),
  mutant('ssr: a script sends a header of its own', 'http/handler.ts', [
    "if (name !== 'sign-out' && !isScript(request))",
    'if (false)',
  ]),
  mutant('ssr: nothing changes by GET', 'http/handler.ts', ["request.method !== 'POST'", 'false']),
  mutant('ssr: a redirect stays on this origin', 'http/return-to.ts', [
    "if (url?.origin !== origin) return '/'",
    "if (!url) return '/'",
  ]),
  mutant('ssr: a path is never read as a host', 'http/return-to.ts', [".replace(/^\\/+/, '/')", '']),
  mutant('ssr: a browser that has no token gets none', 'session/state.ts', [
    "return withToken ? state : { ...state, token: '' }",
    'return state',
  ]),
  mutant('ssr: only the instance with the lease refreshes', 'session/shared-refresh.ts', [
    'if (!isLeased || fence === own)',
    'if (fence >= 0)',
  ]),
  mutant('ssr: PostgreSQL refuses a write with an old fence', 'stores/postgres.ts', [
    'WHERE entry.fence = $2 OR entry.expires_at <= clock_timestamp()',
    'WHERE true',
  ]),
  mutant('ssr: Redis refuses a write with an old fence', 'stores/redis.ts', [
    'if fence and fence ~= ARGV[1] then return 0 end',
    '',
  ]),
  mutant('ssr: an instance that wakes after its lease sends nothing', 'session/shared-refresh.ts', [
    'performance.now() - leased > LEASE - REQUEST_TIMEOUT',
    'false',
  ]),
  mutant('ssr: a store that fails signs nobody out', 'session/shared-refresh.ts', [
    '      return fail(from)\n',
    "      return signOut('unreadable')(from)!\n",
  ]),
  mutant('ssr: a store that fails is no reason to refresh without it', 'session/shared-refresh.ts', [
    '      return fail(from)\n',
    '      return askServer(from, fetch)\n',
  ]),
  mutant('ssr: a sign-out wins over a refresh in flight', 'session/shared-refresh.ts', [
    '      if (entry.record.reason) return revoke(signOut(entry.record.reason)(after)!)\n',
    '',
  ]),
  mutant('ssr: the successor of a refresh that a sign-out overtook is revoked', 'session/shared-refresh.ts', [
    'return revoke(signOut(entry.record.reason)(after)!)',
    'return entry.record',
  ]),
  mutant('ssr: a sign-out ends the session in the store', 'session/write-cookies.ts', [
    'stored.epoch === epoch ? undefined : stored.epoch',
    'undefined',
  ]),
  mutant('ssr: a sign-out revokes the refresh token of the store', 'session/shared-sign-out.ts', [
    'union(ours, over.pendingRevocations)',
    'ours',
  ]),
  mutant('ssr: a sign-out revokes the refresh token of the cookie', 'session/shared-sign-out.ts', [
    'union(ours, over.pendingRevocations)',
    'over.pendingRevocations',
  ]),
  mutant('ssr: a sign-out that the store missed is completed later', 'session/shared-sign-out.ts', [
    '      await revoke(record)\n      return record\n',
    '      return revoke(record)\n',
  ]),
  mutant(
    'ssr: a response that learns of a sign-out does not write the epoch cookie',
    'session/shared-sign-out.ts',
    ["signOut('revoked')", "signOut('signed-out')"],
  ),
  mutant('ssr: a late cookie gets the newest record of the store', 'session/shared-refresh.ts', [
    'newest.generation > from.generation && left > 0',
    'false && left > 0',
  ]),
  mutant('ssr: a record that a caller cannot use long enough is refreshed', 'session/shared-refresh.ts', [
    ' && left >= minValid',
    '',
  ]),
  mutant('ssr: a process keeps an answer until the store takes it', 'session/shared-refresh.ts', [
    '    unsaved.set(epoch, after)\n',
    '',
  ]),
  mutant('ssr: an answer that the store did not take is stored later', 'session/shared-refresh.ts', [
    'performance.now() - started > MAX_OUTAGE',
    'tries >= 0',
  ]),
  mutant('ssr: all instances pause after a failure', 'session/shared-entries.ts', [
    'JSON.stringify(record)',
    'JSON.stringify({ ...record, lastFailure: undefined })',
  ]),
  mutant('ssr: a stored value does not open as a cookie', 'session/shared-entries.ts', [
    '`store ${names.record(epoch)}`',
    'names.record(epoch)',
  ]),
  mutant('ssr: a record that this instance cannot open counts as a failure', 'session/shared-entries.ts', [
    "fault === 'foreign' || ",
    '',
  ]),
  mutant('ssr: a store that hangs fails', 'session/shared-entries.ts', [
    'timeLimit(store.read(await keyOf(epoch)), STORE_TIMEOUT)',
    'store.read(await keyOf(epoch))',
  ]),
]
