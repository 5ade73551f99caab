import type { Mutant } from './apply-mutant.ts'

// The manager with one law broken. `pnpm mutants` runs the tests against each: a law whose mutant survives is not
// tested. The laws of the cross-tab protocol have mutants of their own, in packages/testing/src/model/mutants.ts.

const mutant = (law: string, file: string, ...edits: Mutant['edits']): Mutant => ({ law, file, edits })

export const mutants: readonly Mutant[] = [
  mutant('leaving a state ends its activity', 'machine/interpreter.ts', [
    '      leave?.()\n      state',
    '      state',
  ]),
  mutant('a listener runs in a microtask of its own', 'machine/interpreter.ts', [
    'queueMicrotask(() => listeners.has(listener) && listener(next))',
    'listener(next)',
  ]),
  mutant('a listener that was removed is not called', 'machine/interpreter.ts', [
    'listeners.has(listener) && listener(next)',
    'listener(next)',
  ]),

  mutant('a write that timed out never applies later', 'manager/replica.ts', [
    '        change = identity\n',
    '',
  ]),
  mutant('what a late transaction has read is not missed', 'manager/replica.ts', [
    '        change = identity\n',
    '        change = (record) => record\n',
  ]),
  mutant('a sign-out overtakes a commit under way', 'manager/replica.ts', [
    'lastSignOut === signOutBefore ? record : lastSignOut(record)',
    'record',
  ]),
  mutant('no token is served while the record is read', 'manager/replica.ts', ['reads > 0', 'reads > 1e9']),
  mutant('a token that has lapsed is not served again', 'manager/replica.ts', [
    'current.retryId !== lapsedRetryId',
    'current.retryId !== "never"',
  ]),
  mutant('a tab goes on in memory only if the storage holds its token pair', 'manager/replica.ts', [
    'persisted?.retryId !== current?.retryId || ',
    '',
  ]),
  mutant('a tab goes on in memory while the storage fails', 'manager/replica.ts', [
    'if (persisted?.retryId !== current?.retryId || remembered?.reason) throw error',
    'throw error',
  ]),
  mutant('memory alone never ends a session', 'manager/replica.ts', [' || remembered?.reason', '']),
  mutant('a record of a later version stays untouched', 'manager/replica.ts', [
    '          if (isNewerVersion(record)) return record\n',
    '',
  ]),
  mutant('a transaction writes the sign-out of a page that was left', 'manager/replica.ts', [
    'change(heed(reconcile(current, record)))',
    'change(reconcile(current, record))',
  ]),
  mutant('a tab heeds the last hint before it takes over a record', 'manager/replica.ts', [
    'current = heed(reconcile(before, record))',
    'current = reconcile(before, record)',
  ]),
  mutant('a storage that fails is read again', 'manager/replica.ts', ['tries === MAX_READS', 'tries']),
  mutant('a storage that fails is read three times at most', 'manager/replica.ts', [
    'tries === MAX_READS',
    'tries === 3000',
  ]),
  mutant('a sign-out that reaches no storage is an error', 'manager/replica.ts', [
    'if (!change(undefined)?.session) throw error',
    '',
  ]),
  mutant('a tab whose write failed remembers what it wrote', 'manager/replica.ts', [
    'current = heed(reconcile(before, record))',
    'current = heed(record)',
  ]),

  mutant('a client that was displaced tells the server', 'tabs/sign-in.ts', [
    'revocationsAfter(record, reason)',
    'revocationsAfter(record)',
  ]),
  mutant('a hint ends only the session that it names', 'tabs/hint.ts', ['epoch === record?.epoch', 'record']),
  mutant('only a sign-out ends a session by a hint', 'tabs/hint.ts', [
    'epoch && reason && epoch === record?.epoch ? signOut(reason)',
    'epoch && epoch === record?.epoch ? signOut(reason!)',
  ]),
  mutant('only the session server says that a client was displaced', 'transports/session-server.ts', [
    "body?.code === 'superseded'",
    'true',
  ]),
  mutant('a tab performs one refresh at a time', 'manager/refresher.ts', [
    'if (!isRunning) void run',
    'void run',
  ]),
  mutant('a refresh is tried three times at most', 'manager/refresher.ts', [
    'tries < MAX_TRIES',
    'tries < 300',
  ]),
  mutant('a refresh is tried more than once', 'manager/refresher.ts', ['tries < MAX_TRIES', 'tries < 1']),
  mutant('a refresh is not tried again after its timeout', 'manager/refresher.ts', [
    'until < began + RETRY_TIMEOUT',
    'until < began + 1e9',
  ]),
  mutant('a refresh is repeated if another tab’s newer token has expired', 'manager/refresher.ts', [
    "!code || (code === 'unreachable'",
    "(code === 'unreachable'",
  ]),
  mutant('an answer without a token is no answer', 'manager/refresher.ts', [
    'issued.token && issued.lifetime >= MIN_LIFETIME',
    'issued.lifetime >= MIN_LIFETIME',
  ]),
  mutant('a token that dies at once is no token', 'manager/refresher.ts', [
    'issued.token && issued.lifetime >= MIN_LIFETIME',
    'issued.token',
  ]),
  mutant('leaving the state gives up further tries', 'manager/refresher.ts', [
    'stop: () => cancelRetry(),',
    'stop: () => {},',
  ]),
  mutant(
    'the answer is adopted under the lock',
    'manager/refresher.ts',
    ['        replica.adopt(record)\n', ''],
    [
      'return { ...record?.lastFailure',
      'await Promise.resolve()\n    replica.adopt(record)\n    return { ...record?.lastFailure',
    ],
  ),
  mutant('a refresh names its version before it waits for the lock', 'manager/refresher.ts', [
    'needsRefresh(record, expired, env.now())',
    'needsRefresh(record, replica.current as SignedInRecord, env.now())',
  ]),
  mutant('a transport that fails does not end the session', 'manager/refresher.ts', [
    "failed: 'unreachable'",
    "refused: 'revoked'",
  ]),

  mutant('a revocation stays pending until the server has answered', 'manager/revoker.ts', [
    '.catch(() => ({}))',
    '.catch(() => undefined)',
  ]),
  mutant('a failed revocation is tried again by itself', 'manager/revoker.ts', [
    'Math.max(delay, failure.retryAfter ?? 0)',
    '1e12',
  ]),
  mutant('a failed revocation is tried again after growing delays', 'manager/revoker.ts', [
    'Math.min(tries, failure.failed ? 6 : 2)',
    '0',
  ]),
  mutant('a page that wakes does not end the pause of a revocation', 'manager/revoker.ts', [
    'if (!begun.has(revocation.sessionId)) void revoke',
    'void revoke',
  ]),
  mutant('a revocation waits as long as the server asks to', 'manager/revoker.ts', [
    'Math.max(delay, failure.retryAfter ?? 0)',
    'delay',
  ]),
  mutant('a revocation is given up once its refresh token is dead', 'manager/revoker.ts', [
    ' || env.now() > expiresAt!',
    '',
  ]),
  mutant('a disposed manager sends no revocation', 'manager/revoker.ts', [
    'let tries = 0; !disposed.aborted;',
    'let tries = 0;;',
  ]),
  mutant('a disposed manager tries no revocation again', 'manager/revoker.ts', [
    "disposed.addEventListener('abort', env.after(wait, resolve))",
    'env.after(wait, resolve)',
  ]),

  mutant('a refresh that fails is followed by a pause, for every random number', 'tabs/answer.ts', [
    '(1 + jitter) * 250',
    'jitter * 500',
  ]),

  mutant('a token of the same session does not look like a sign-in', 'manager/projection.ts', [
    "isSameSession ? 'adopt' : 'sign-in'",
    "'sign-in'",
  ]),
  mutant('another session looks like a sign-in', 'manager/projection.ts', [
    'before?.session && before.epoch === record.epoch',
    'true',
  ]),
  mutant('after a failed refresh, a usable token is valid again', 'manager/projection.ts', [
    ': isRefreshing)',
    ': true)',
  ]),
  mutant('a session that the storage lost does not look like a first visit', 'manager/projection.ts', [
    "before ? 'unreadable' : 'none'",
    "'none'",
  ]),

  mutant('no caller gets a token of another user', 'manager/decide.ts', [
    "if (userId && userId !== session.userId) throw new TokenError('session-changed')",
    '',
  ]),
  mutant('a session without refresh tokens asks for a sign-in', 'manager/decide.ts', [
    '!token && !session.renewable',
    'false',
  ]),
  mutant('a caller who asks for a token that lives longer waits for it', 'manager/decide.ts', [
    'remaining >= minValid',
    'true',
  ]),
  mutant('a caller waits for one refresh only', 'manager/decide.ts', [
    '(hasWaited || !session.renewable)',
    '!session.renewable',
  ]),
  mutant('a failure is reported to the callers who waited', 'manager/decide.ts', [
    'cause && (hasWaited || isPaused)',
    'cause && isPaused',
  ]),
  mutant('no caller starts a refresh during a pause', 'manager/decide.ts', [
    'cause && (hasWaited || isPaused)',
    'cause && hasWaited',
  ]),

  mutant('another tab’s sign-out applies at once', 'manager/manager.ts', [
    'if (replica.current) replica.adopt(applyHint(hint as Hint | undefined)(replica.current))',
    '',
  ]),
  mutant('a tab that hears of a change reads the record', 'manager/manager.ts', [
    '(applyHint(hint as Hint | undefined)(replica.current))\n',
    '(applyHint(hint as Hint | undefined)(replica.current))\n    if (hint) return\n',
  ]),
  mutant('the other tabs are told of a change', 'manager/manager.ts', [
    'post?.(hintOf(replica.current))',
    '',
  ]),
  mutant('a sign-out shows before it is written', 'manager/manager.ts', [
    '      synchronize(ending(replica.current ?? (env.lastMessage(transport.key) as SessionRecord | undefined)))\n',
    '',
  ]),
  mutant('a sign-out wins over a sign-in under way', 'manager/manager.ts', [
    '      replica.overtake(ending)\n',
    '',
  ]),
  mutant('a sign-out names the session before the first read', 'manager/manager.ts', [
    'replica.current ?? (env.lastMessage(transport.key) as SessionRecord | undefined)',
    'replica.current',
  ]),
  mutant('a token that an API refused is not served again', 'manager/manager.ts', [
    'if (record.token === rejected && !isFresh(record, env.now())) replica.lapse()\n        else ',
    '',
  ]),
  mutant('a token that has just arrived is served although an API refused it', 'manager/manager.ts', [
    ' && !isFresh(record, env.now())',
    '',
  ]),
  mutant('a token expires by a clock that never jumps', 'manager/replica.ts', [
    '      lapsedRetryId = (current as SignedInRecord).retryId\n',
    '',
  ]),
  mutant('a background refresh tells the server that no user was active', 'manager/manager.ts', [
    '{ ...decision, activity }',
    'decision',
  ]),
  mutant('a page that wakes reads the record', 'manager/manager.ts', [
    '(applyHint(hint as Hint | undefined)(replica.current))\n',
    '(applyHint(hint as Hint | undefined)(replica.current))\n    if (!hint && replica.current) return\n',
  ]),
  mutant('a storage that hangs is read again', 'manager/manager.ts', [
    'void env.after(STORAGE_RETRY_DELAY, read, true)',
    'undefined',
  ]),
  mutant('without storage, a tab keeps the session itself', 'manager/manager.ts', [
    '    replica.detach()\n',
    '',
  ]),
  mutant('a caller that settles leaves no listener on its signal', 'manager/waiting.ts', [
    "      signal?.removeEventListener('abort', wake)\n",
    '',
  ]),
  mutant('a caller who gives up does not affect the others', 'manager/manager.ts', [
    'if (signal?.aborted) throw',
    'if (signal?.aborted) machine.stop()\n      if (signal?.aborted) throw',
  ]),
  mutant('a disposed manager rejects its callers', 'manager/manager.ts', [
    "if (disposed.aborted) throw new TokenError('disposed')\n      if",
    'if',
  ]),
]
