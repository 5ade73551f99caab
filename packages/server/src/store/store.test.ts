import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { places, type Place } from '../../test/stores.ts'
import { appProfile } from './app-profile.ts'
import { newId } from './ids.ts'
import { sql, type Database } from './database.ts'
import { EMPTY_RING, type NewSession } from './session-row.ts'
import { openDatabase, createStore, type Store } from './store.ts'

const now = 1_700_000_000_000
const hour = 3_600_000
const profile = appProfile({
  public_signup: true,
  name: 'App',
  auth_origin: 'https://app.example',
  additional_auth_origins: ['https://other.example'],
  redirect_url: '/',
  refresh_enabled: true,
})

describe.each(places)('the store on $name', ({ make }) => {
  let place: Place
  let database: Database
  let store: Store
  let app: string

  beforeAll(async () => {
    place = await make()
    database = await openDatabase(place.url)
    store = createStore(database)
  })
  afterAll(async () => {
    await store.close()
    place.remove()
  })
  beforeEach(async () => {
    app = newId().toString('hex')
    await store.apps.add(app, profile, 'system', now)
  })

  const addUser = async (identifier = 'ada', at = now): Promise<Buffer> => {
    const id = newId()
    await store.users.add(app, id, { identifier, status: 'active' }, 'system', at)
    return id
  }
  const newSession = (user_id: Buffer): NewSession => ({
    user_id,
    id: newId(),
    app_id: app,
    rotated_at: now,
    active_at: now,
    attempts: EMPTY_RING,
    created_at: now,
    absolute_at: now + 24 * hour,
    inactivity: hour,
    ip: '127.0.0.1',
    user_agent: 'test',
  })
  const open = async (user: Buffer) => (await store.sessions.open(newSession(user), 'user'))!
  const rotate = (user: Buffer, id: Buffer, generation: number, more: object = {}) =>
    store.sessions.rotate({
      appId: app,
      userId: user,
      sessionId: id,
      generation,
      nextGeneration: generation + 1,
      retryIdHash: 'a'.repeat(16),
      mayRepeat: false,
      background: false,
      actor: 'system',
      now: now + 1000,
      ...more,
    })
  const events = async (): Promise<string[]> =>
    (await store.events.list(app, { limit: 100 })).map(({ type }) => type)

  describe('apps', () => {
    it('are returned as they were added', async () => {
      expect(await store.apps.find(app)).toEqual({
        ...profile,
        id: app,
        not_before: 0,
        version: 1,
        created_at: now,
      })
      expect((await store.apps.list()).map(({ id }) => id)).toContain(app)
      expect(await store.apps.find('nobody')).toBeUndefined()
      expect(await store.apps.add(app, profile, 'system', now)).toBe(false)
    })

    it('change by version: if two changes are based on the same version, one fails', async () => {
      const change = (name: string) => store.apps.change(app, 1, { ...profile, name }, {}, 'system', now)
      expect((await Promise.all([change('one'), change('two')])).toSorted()).toEqual([false, true])
      expect(await store.apps.find(app)).toMatchObject({ version: 2 })
      expect(await events()).toEqual(['settings', 'app-created'])
    })

    it.each([
      ['an auth token of 4 s', { session_timeout_length: 4 }],
      ['an auth token of 601 s with refresh on', { session_timeout_length: 601 }],
      ['no limit at all', { refresh_absolute_lifetime: 0, refresh_inactivity_lifetime: 0 }],
      ['more than 400 days', { refresh_absolute_lifetime: 34_560_001 }],
      ['a negative limit', { refresh_inactivity_lifetime: -1 }],
    ])('are refused by the database itself with %s', async (_, wrong) => {
      await expect(store.apps.change(app, 1, { ...profile, ...wrong }, {}, 'system', now)).rejects.toThrow(
        /CHECK|check/,
      )
      expect(await store.apps.find(app)).toMatchObject({ version: 1 })
      expect(await events()).toEqual(['app-created'])
    })
  })

  describe('users', () => {
    it('have an identifier that is unique per app', async () => {
      const id = await addUser()
      expect(
        await store.users.add(app, newId(), { identifier: 'ada', status: 'active' }, 'system', now),
      ).toBe(false)
      const grace = await addUser('grace')
      const change = (identifier: string) =>
        store.users.change(app, grace, { identifier, metadata: '{"a":1}' }, 'system', now + 1)
      expect(await change('ada')).toBe(false)
      expect(await change('Ada')).toBe(false)
      expect(await change('Grace')).toBe(true)
      expect(await store.users.find(app, grace)).toMatchObject({ identifier: 'Grace', metadata: '{"a":1}' })
      expect(await store.users.findByIdentifier(app, 'ada')).toMatchObject({ id, epoch: 0, passkeys: 0 })
      expect(await store.users.find('another', id)).toBeUndefined()
    })

    it.each([
      ['case', 'Ada@Example.com', 'ada@example.COM'],
      ['full case folding', 'STRASSE', 'straße'],
      ['a final sigma', 'ΟΔΟΣ', 'οδος'],
      ['Unicode form', 'Zoe\u0308', 'zoë'],
      ['full width', 'ａｄａ', 'ada'],
      ['white space', ' ada ', 'ada'],
    ])('are one person if their identifiers differ only in %s (case F11)', async (_, one, other) => {
      const id = await addUser(one)
      const second = { identifier: other, status: 'active' } as const
      expect(await store.users.add(app, newId(), second, 'system', now)).toBe(false)
      expect(await store.users.findByIdentifier(app, other)).toMatchObject({ id, identifier: one })
      expect(await store.users.list(app, { identifier: other }, 'created_at:asc', 1, 0)).toMatchObject({
        total: 1,
      })
    })

    it('are two people if their identifiers differ in the dotless i (case F11)', async () => {
      await addUser('mike@example.com')
      expect(await store.users.findByIdentifier(app, 'mıke@example.com')).toBeUndefined()
    })

    it('keep both changes if two arrive at once, one of the identifier and one of the metadata (case F6)', async () => {
      for (let round = 0; round < 20; round++) {
        const id = await addUser(`old-${round}`)
        const change = (fields: object) => store.users.change(app, id, fields, 'system', now)
        await Promise.all([change({ identifier: `new-${round}` }), change({ metadata: '{"a":1}' })])
        expect(await store.users.find(app, id)).toMatchObject({
          identifier: `new-${round}`,
          metadata: '{"a":1}',
        })
      }
    })

    it('are listed by page and order, and found by a part of the identifier and by status', async () => {
      const names = ['Ada', 'bob_1', 'bobx1', 'Zoë', 'eve']
      for (const [i, name] of names.entries()) await addUser(name, now + i)
      const list = async (
        filter: object,
        order: 'created_at:desc' | 'identifier:asc' | 'last_login_at:desc',
        limit = 10,
        offset = 0,
      ) => {
        const { users, total } = await store.users.list(app, filter, order, limit, offset)
        return { names: users.map(({ identifier }) => identifier), total }
      }
      expect(await list({}, 'created_at:desc', 2, 2)).toEqual({ names: ['bobx1', 'bob_1'], total: 5 })
      expect(await list({}, 'identifier:asc')).toEqual({
        names: ['Ada', 'bob_1', 'bobx1', 'eve', 'Zoë'],
        total: 5,
      })
      expect(await list({ search: 'B_1' }, 'identifier:asc')).toEqual({ names: ['bob_1'], total: 1 })
      expect(await list({ search: 'zoË' }, 'identifier:asc')).toEqual({ names: ['Zoë'], total: 1 })
      expect(await list({ identifier: 'bob' }, 'identifier:asc')).toEqual({ names: [], total: 0 })
      expect(await list({ createdBefore: now + 1 }, 'created_at:desc')).toEqual({
        names: ['bob_1', 'Ada'],
        total: 2,
      })
      const bob = (await store.users.findByIdentifier(app, 'bob_1'))!
      await open(bob.id)
      expect((await list({}, 'last_login_at:desc')).names[0]).toBe('bob_1')
      await store.users.deactivate(app, bob.id, 'system', now)
      expect(await list({ status: { operator: 'is', value: 'inactive' } }, 'created_at:desc')).toEqual({
        names: ['bob_1'],
        total: 1,
      })
    })

    it('are deleted with their sessions and passkeys', async () => {
      const id = await addUser()
      const session = await open(id)
      expect(await store.users.remove(app, id, 'system', now)).toBe(true)
      expect(await rotate(id, session.id, 0)).toBeUndefined()
      expect(await store.sessions.find(app, id, session.id)).toBeUndefined()
      expect(await store.users.find(app, id)).toBeUndefined()
      const [event] = await store.events.list(app, { limit: 1 })
      expect(event).toMatchObject({ type: 'user-deleted', identifier: 'ada', user_id: id })
      const { entries } = await store.revocations.since(0, 0, app)
      expect(entries).toMatchObject([{ type: 'user', user_id: id, epoch: 2 ** 31 - 1 }])
    })
  })

  describe('sessions', () => {
    it('are opened for active users only', async () => {
      const id = await addUser()
      expect(await open(id)).toMatchObject({ generation: 0, user_epoch: 0, created_at: now, ip: '127.0.0.1' })
      expect(await store.users.find(app, id)).toMatchObject({ last_login_at: now, login_count: 1 })
      await store.users.deactivate(app, id, 'system', now)
      expect(await store.sessions.open(newSession(id), 'user')).toBeUndefined()
      expect(await store.sessions.open(newSession(newId()), 'user')).toBeUndefined()
    })

    it('rotate once for 50 concurrent rotations of one generation', async () => {
      const id = await addUser()
      const session = await open(id)
      const made = await Promise.all(Array.from({ length: 50 }, () => rotate(id, session.id, 0)))
      expect(made.filter(Boolean)).toMatchObject([{ generation: 1, active_at: now + 1000 }])
      expect(await store.sessions.find(app, id, session.id)).toMatchObject({
        generation: 1,
        rotated_at: now + 1000,
        epoch_now: 0,
        status: 'active',
      })
    })

    it('store the retry id hashes of the last eight rotations, each in its slot', async () => {
      const id = await addUser()
      const session = await open(id)
      for (let generation = 0; generation < 10; generation++)
        await rotate(id, session.id, generation, { retryIdHash: `${generation}`.repeat(16) })
      const { attempts } = (await store.sessions.find(app, id, session.id))!
      expect(
        attempts
          .match(/.{16}/g)!
          .map(([digit]) => digit)
          .join(''),
      ).toBe('89234567')
    })

    it('keep their inactivity deadline after a rotation in the background', async () => {
      const id = await addUser()
      const session = await open(id)
      expect(await rotate(id, session.id, 0, { background: true })).toMatchObject({ active_at: now })
    })

    it.each<[string, (user: Buffer, session: Buffer) => unknown, object?]>([
      [
        'their end',
        (user, id) => store.sessions.end(app, user, id, 'revoked', { type: 'sign-out', actor: 'user' }, now),
      ],
      ['revoke-all', (user) => store.users.revokeAll(app, user, 'system', now)],
      ['deactivation', (user) => store.users.deactivate(app, user, 'system', now)],
      [
        'deactivation and activation',
        async (user) => {
          await store.users.deactivate(app, user, 'system', now)
          await store.users.activate(app, user, 'system', now)
        },
      ],
      ['the end of all of the app’s sessions', () => store.apps.endSessions(app, now + 1000, 'system', now)],
      ['the absolute limit', () => undefined, { now: now + 24 * hour }],
      ['the inactivity limit', () => undefined, { now: now + hour }],
      [
        'a lower absolute limit',
        () => store.apps.change(app, 1, { ...profile, refresh_absolute_lifetime: 1 }, {}, 'system', now),
      ],
      [
        'a lower inactivity limit',
        () => store.apps.change(app, 1, { ...profile, refresh_inactivity_lifetime: 1 }, {}, 'system', now),
      ],
    ])('do not rotate after %s', async (_, end, more = {}) => {
      const user = await addUser()
      const session = await open(user)
      await end(user, session.id)
      expect(await rotate(user, session.id, 0, more)).toBeUndefined()
      expect(
        await store.sessions.list(app, user, now + 1000 + ((more as { now?: number }).now ?? 0)),
      ).toEqual([])
    })

    it('end once, with one event and one entry in the feed', async () => {
      const user = await addUser()
      const session = await open(user)
      const end = () =>
        store.sessions.end(app, user, session.id, 'reused', { type: 'reuse', actor: 'system' }, now + 5)
      expect((await Promise.all([end(), end(), end()])).filter(Boolean)).toHaveLength(1)
      expect(await store.sessions.find(app, user, session.id)).toMatchObject({
        ended_at: now + 5,
        end_reason: 'reused',
      })
      expect((await events()).filter((type) => type === 'reuse')).toHaveLength(1)
      const { entries } = await store.revocations.since(0, 0, app)
      expect(entries).toMatchObject([{ type: 'session', user_id: user, session_id: session.id, at: now + 5 }])
    })

    it('continue if they are the exception of revoke-others', async () => {
      const user = await addUser()
      const [mine, other] = [await open(user), await open(user)]
      expect(await store.users.revokeOthers(app, user, newId(), 'user', now)).toBe(false)
      expect(await store.users.revokeOthers(app, user, mine.id, 'user', now)).toBe(true)
      expect(await rotate(user, other.id, 0)).toBeUndefined()
      expect(await rotate(user, mine.id, 0)).toMatchObject({ generation: 1, user_epoch: 1 })
      expect((await store.sessions.list(app, user, now + 1000)).map(({ id }) => id)).toEqual([mine.id])
      const { entries } = await store.revocations.since(0, 0, app)
      expect(entries).toMatchObject([{ type: 'user', epoch: 1, session_id: mine.id }])
      // An ended session cannot be the exception.
      expect(await store.users.revokeOthers(app, user, other.id, 'user', now)).toBe(false)
    })

    it('begin in the next second if all sessions of the app ended in the second of the sign-in', async () => {
      const user = await addUser()
      await store.apps.endSessions(app, now + 1000, 'system', now)
      const session = await open(user)
      expect(session.created_at).toBe(now + 1000)
      expect(await rotate(user, session.id, 0)).toMatchObject({ generation: 1 })
    })

    it('record an event for a jump over lost generations, and mark the lost slots', async () => {
      const user = await addUser()
      const session = await open(user)
      await rotate(user, session.id, 0, { nextGeneration: 6 })
      const { attempts } = (await store.sessions.find(app, user, session.id))!
      expect(
        attempts
          .match(/.{16}/g)!
          .map(([digit]) => digit)
          .join(''),
      ).toBe('fffffaff')
      const [event] = await store.events.list(app, { types: ['fast-forward'], limit: 1 })
      expect(event).toMatchObject({ session_id: session.id, data: '{"from":0,"to":6}' })
    })
  })

  it('rejects only the wrong statement of a batch', async () => {
    const user = await addUser()
    const [wrong, right] = await Promise.allSettled([
      database.queryUnsynced(sql`INSERT INTO probe VALUES (2, 0)`),
      database.queryUnsynced(sql`UPDATE users SET epoch = 5 WHERE id = ${user} RETURNING epoch`),
    ])
    expect(wrong).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringMatching(/constraint/i) },
    })
    expect(right).toEqual({ status: 'fulfilled', value: [{ epoch: 5 }] })
    expect(await store.users.find(app, user)).toMatchObject({ epoch: 5 })
  })

  it('changes nothing if a transaction fails', async () => {
    const user = await addUser()
    const update = sql`UPDATE users SET epoch = 5 WHERE id = ${user} RETURNING id`
    await expect(database.transaction(update, sql`INSERT INTO probe VALUES (2, 0)`)).rejects.toThrow(
      /constraint/i,
    )
    expect(await store.users.find(app, user)).toMatchObject({ epoch: 0 })
  })

  it('loses no entry of the feed between two readings, in any order of commits', async () => {
    const user = await addUser()
    const expected = 60
    const sessions = await Promise.all(Array.from({ length: expected }, () => open(user)))
    const seen = new Set<string>()
    let position = 0
    const read = async (): Promise<void> => {
      const { entries, horizon } = await store.revocations.since(position, 0, app)
      for (const { session_id } of entries) seen.add(session_id!.toString('hex'))
      position = horizon
    }
    const writing = sessions.map(({ id }) =>
      store.sessions.end(app, user, id, 'revoked', { type: 'sign-out', actor: 'user' }, now),
    )
    // The next reading starts after the one before.
    await writing.reduce(async (before, ended) => {
      await before
      await Promise.race([ended, read()])
      await read()
    }, Promise.resolve())
    await read()
    expect(seen.size).toBe(expected)
    // Without open transactions, no entry is returned twice.
    expect((await store.revocations.since(position, 0, app)).entries).toEqual([])
    await store.revocations.deleteUnneeded(now + 24 * hour, 100)
    expect((await store.revocations.since(0, 0, app)).entries).toEqual([])
  })

  it('lists events newest first, by page and filter, and deletes old ones', async () => {
    const user = await addUser('ada', now + 1)
    for (let i = 2; i < 6; i++) await store.users.revokeAll(app, user, 'api-key:x', now + i)
    const page = await store.events.list(app, { types: ['revoke-all', 'sign-in'], limit: 2 })
    expect(page.map(({ at }) => at)).toEqual([now + 5, now + 4])
    const next = await store.events.list(app, { types: ['revoke-all'], before: page[1]!.id, limit: 10 })
    expect(next.map(({ at }) => at)).toEqual([now + 3, now + 2])
    const some = await store.events.list(app, { userId: user, from: now + 2, to: now + 4, limit: 10 })
    expect(some.map(({ at, actor }) => [at, actor])).toEqual([
      [now + 3, 'api-key:x'],
      [now + 2, 'api-key:x'],
    ])
    expect(await store.events.list(app, { sessionId: newId(), limit: 10 })).toEqual([])
    while ((await store.events.deleteBefore(now + 4, 1)) > 0);
    expect((await store.events.list(app, { limit: 10 })).map(({ at }) => at)).toEqual([now + 5, now + 4])
  })

  it('adds up the counts of several processes in one row per minute', async () => {
    const counts = {
      sign_ins: 1,
      refreshes: 2,
      replays: 3,
      reuses: 4,
      fast_forwards: 5,
      refusals: 6,
      sign_outs: 7,
    }
    const minute = now - (now % 60_000)
    await Promise.all([1, 2, 3].map((n) => store.statistics.add(app, minute + n, counts)))
    await store.statistics.recordLiveSessions(app, minute + 9, 42)
    await store.statistics.add(app, minute + 60_000, counts)
    const read = (step: number) => store.statistics.list(app, minute - 1, minute + hour, step)
    expect(await read(60_000)).toMatchObject([
      { at: minute, sign_ins: 3, sign_outs: 21, live_sessions: 42 },
      { at: minute + 60_000, refreshes: 2, live_sessions: null },
    ])
    const wide = await read(24 * hour)
    expect(wide).toMatchObject([{ replays: 12, live_sessions: 42 }])
  })

  it('adds a user with a first passkey, unless the identifier or the passkey is taken', async () => {
    const passkey = (id: string) => ({
      id,
      user_id: newId(),
      public_key: new Uint8Array([1, 2]),
      counter: 0,
    })
    const one = passkey('one')
    const alan = one.user_id
    expect(await store.accounts.signUp(app, 'alan', one, undefined, 'user', now)).toBe(true)
    expect(await store.users.find(app, alan)).toMatchObject({
      origin: 'claimed',
      status: 'active',
      passkeys: 1,
    })
    expect(await store.accounts.signUp(app, 'Alan', passkey('two'), undefined, 'user', now)).toBe(false)
    expect(await store.accounts.signUp(app, 'grace', passkey('one'), undefined, 'user', now)).toBe(false)
    expect(await store.users.findByIdentifier(app, 'grace')).toBeUndefined()
    await store.passkeys.recordUse(app, alan, 'one', 7, now + 1)
    const found = (await store.passkeys.find(app, 'one'))!
    expect(found).toMatchObject({ counter: 7, last_used_at: now + 1, user_id: alan })
    expect([...found.public_key]).toEqual([1, 2])
    const second = { ...passkey('three'), user_id: alan }
    expect(await store.passkeys.add(app, { ...second, id: 'one' }, 0, 'user', now)).toBe(false)
    expect(await store.passkeys.add(app, second, 0, 'user', now)).toBe(true)
    expect(await store.passkeys.remove(app, newId(), 'one', 'user', now)).toBe(false)
    expect(await store.passkeys.remove(app, alan, 'one', 'user', now)).toBe(true)
    await store.users.deactivate(app, alan, 'system', now)
    expect(await store.passkeys.add(app, { ...second, id: 'four' }, 1, 'user', now)).toBe(false)
  })

  it('accepts a handshake and an invitation once, before they expire', async () => {
    const handshake = newId()
    const used = await Promise.all([1, 2].map(() => store.passkeys.useHandshake(handshake, now + 10)))
    expect(used.toSorted()).toEqual([false, true])
    await store.passkeys.deleteExpiredHandshakes(now + 11, 100)
    const invite = async (first: boolean, expiresAt: number): Promise<Buffer> => {
      const hash = newId()
      await store.invitations.add(app, { id: newId(), hash, first, expiresAt }, 'system', now)
      return hash
    }
    const further = await invite(false, now + 10)
    const [first, second] = [await invite(true, now + 10), await invite(true, now + 10)]
    expect(await store.invitations.find(app, first, now)).toBeUndefined()
    expect(await store.invitations.list(app, now)).toHaveLength(2)
    const signUp = (name: string, invitation: Buffer, at: number) => {
      const passkey = { id: name, user_id: newId(), public_key: new Uint8Array([1]), counter: 0 }
      return store.accounts.signUp(app, name, passkey, invitation, 'user', at)
    }
    const good = await Promise.all(['edsger', 'donald'].map((name) => signUp(name, second, now)))
    expect(good.toSorted()).toEqual([false, true])
    expect(await signUp('barbara', further, now + 10)).toBe(false)
    const [left] = await store.invitations.list(app, now)
    expect(await store.invitations.withdraw(app, left!.id, 'system', now)).toBe(true)
    expect(await store.invitations.find(app, further, now)).toBeUndefined()
  })

  it('finds an API key by its hash, lists it without the hash, and deletes it', async () => {
    const granted = { scopes: '["keys"]', expires_at: now + 9, addresses: '[]' }
    const key = { id: newId(), hash: Buffer.alloc(32, 9), name: 'ci', hint: 'abcd', ...granted }
    await store.keys.addApiKey(app, key, 'system', now)
    expect(await store.keys.findApiKey(key.hash)).toMatchObject({
      id: key.id,
      app_id: app,
      last_used_at: null,
    })
    await store.keys.recordApiKeyUse(app, key.hash, '192.0.2.1', now + 1)
    await store.keys.recordApiKeyUse(app, key.hash, '192.0.2.2', now + 2)
    const { id, name, hint } = key
    expect(await store.keys.listApiKeys(app)).toEqual([
      {
        id,
        app_id: app,
        name,
        hint,
        created_at: now,
        last_used_at: now + 1,
        last_used_from: '192.0.2.1',
        ...granted,
      },
    ])
    expect(await store.keys.removeApiKey(app, newId(), 'system', now)).toBe(false)
    expect(await store.keys.removeApiKey(app, key.id, 'system', now)).toBe(true)
    expect(await store.keys.findApiKey(key.hash)).toBeUndefined()
  })

  it('keeps one current and one next signing key if several processes add them', async () => {
    const key = (kid: string) => ({
      kid: `${app}${kid}`,
      alg: 'EdDSA' as const,
      public_jwk: '{}',
      wrapped: Buffer.from([1]),
    })
    await Promise.all(
      [1, 2, 3].map((n) => store.keys.addFirstSigningKeys(app, key(`c${n}`), key(`n${n}`), now + hour, now)),
    )
    const rows = await store.keys.listSigningKeys(app)
    expect(rows.map(({ state }) => state).toSorted()).toEqual(['current', 'next'])
    const [current, next] = ['current', 'next'].map((state) => rows.find((row) => row.state === state)!)
    const rotate = (n: number) =>
      store.keys.rotateSigningKey(
        app,
        {
          from: current!.kid,
          to: next!.kid,
          upcoming: key(`u${n}`),
          rotateAt: now + 2 * hour,
          retiresAt: now + 5,
        },
        'system',
        now + 1,
      )
    expect((await Promise.all([rotate(1), rotate(2)])).toSorted()).toEqual([false, true])
    const states = async () =>
      Object.fromEntries((await store.keys.listSigningKeys(app)).map(({ kid, state }) => [state, kid]))
    expect(await states()).toMatchObject({ previous: current!.kid, current: next!.kid })
    await store.keys.deleteRetiredSigningKeys(now + 6)
    expect(await states()).not.toHaveProperty('previous')
  })

  it('gives a lease to one holder at a time', async () => {
    const take = (holder: string, at: number) => store.leases.acquire(app, holder, at, at + 100)
    expect((await Promise.all([take('a', now), take('b', now)])).toSorted()).toEqual([false, true])
    expect(await take('c', now + 101)).toBe(true)
    expect(await take('c', now + 150)).toBe(true)
    expect(await take('a', now + 150)).toBe(false)
  })

  it('finds all data when it is opened again', async () => {
    await store.probe(now)
    const other = createStore(await openDatabase(place.url))
    expect(await other.apps.find(app)).toEqual(await store.apps.find(app))
    await other.probe(now + 1)
    await other.close()
  })
})
