// `pnpm proofs [rounds]`: measures what a proof of DPoP (RFC 9449) costs, in processor time: a refresh at the session server, and
// the check of a request in the SDK, each with and without a proof, in turns. Everything is signed with ES256. The goals: a refresh
// with a proof takes at most 1.5 times as long as one without, and a check at most twice as long.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBackend } from '../../packages/backend/src/index.ts'
import {
  appProfile,
  createApiKey,
  createSessionServer,
  deriveKeys,
  openStore,
} from '../../packages/server/src/index.ts'

const rounds = Number(process.argv[2] ?? 10)
const PER_ROUND = 500
const [url, api] = ['https://auth.example', 'https://api.example']

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
const head = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })
function prove(htm: string, htu: string, token?: string): string {
  const iat = Math.floor(Date.now() / 1000)
  const signed = `${head}.${encode({ jti: randomUUID(), htm, htu, iat, ...(token && { ath: sha256(token) }) })}`
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-'))
const store = await openStore(folder)
const profile = appProfile({
  name: 'demo',
  auth_origin: api,
  redirect_url: '/',
  alg: 'ES256',
  refresh_enabled: true,
  binding: 'preferred',
})
await store.apps.add('demo', profile, 'system', Date.now())
const { secret } = await createApiKey(store, 'demo', 'measure', 'system', Date.now())
const server = createSessionServer({ store, keys: deriveKeys(Buffer.alloc(32, 7)), baseUrl: url })
const ask = (
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Response> =>
  server.fetch(
    new Request(`${url}/v1/apps/demo${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    }),
  )
const key = { authorization: `Bearer ${secret}` }
const { user } = (await (await ask('POST', '/users', key, { identifier: 'ada' })).json()) as {
  user: { id: string }
}

interface Tokens {
  readonly auth_token: string
  readonly refresh_token: string
}
const tokensOf = async (response: Response): Promise<Tokens> =>
  ((await response.json()) as { auth_result: Tokens }).auth_result
const open = async (): Promise<Tokens> => tokensOf(await ask('POST', `/users/${user.id}/sessions`, key))
const [plain, bound] = [{ tokens: await open() }, { tokens: await open() }]
const tokensUrl = `${url}/v1/apps/demo/tokens`

/** Microseconds of processor time for each call, of this process. */
async function measure(calls: number, call: (index: number) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  // oxlint-disable-next-line no-await-in-loop -- One after the other: each needs the token of the one before.
  for (let index = 0; index < calls; index++) await call(index)
  const { user: own, system } = process.cpuUsage(before)
  return (own + system) / calls
}

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
async function compare(
  what: string,
  goal: number,
  without: () => Promise<number>,
  withProof: () => Promise<number>,
): Promise<void> {
  const [a, b]: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round++) {
    // oxlint-disable-next-line no-await-in-loop -- In turns, so that both meet the same load of the machine.
    const [one, other] = [await without(), await withProof()]
    // The first round warms up.
    if (round === 0) continue
    a.push(one)
    b.push(other)
  }
  const ratio = median(b) / median(a)
  console.log(
    `${what}: ${median(a).toFixed(0)} µs without a proof, ${median(b).toFixed(0)} µs with one: ${ratio.toFixed(2)} times (goal: ${goal})`,
  )
}

const refresh = async (session: { tokens: Tokens }, headers: Record<string, string> = {}): Promise<void> => {
  session.tokens = await tokensOf(
    await ask('POST', '/tokens', headers, { refresh_token: session.tokens.refresh_token }),
  )
}
await compare(
  'A refresh at the session server',
  1.5,
  () => measure(PER_ROUND, () => refresh(plain)),
  () => {
    const proofs = Array.from({ length: PER_ROUND }, () => prove('POST', tokensUrl))
    return measure(PER_ROUND, (index) => refresh(bound, { dpop: proofs[index]! }))
  },
)

const backend = createBackend({
  url,
  appId: 'demo',
  dpop: { url: api },
  fetch: async (input) => server.fetch(new Request(input as string)),
})
const incoming = (headers: Record<string, string>) => ({ method: 'GET', url: '/orders', headers })
await compare(
  'A check of a request in the SDK',
  2,
  () => {
    const authorization = `Bearer ${plain.tokens.auth_token}`
    return measure(PER_ROUND, () => backend.authenticate(incoming({ authorization })))
  },
  () => {
    const { auth_token: token } = bound.tokens
    const proofs = Array.from({ length: PER_ROUND }, () => prove('GET', `${api}/orders`, token))
    const authorization = `DPoP ${token}`
    return measure(PER_ROUND, (index) =>
      backend.authenticate(incoming({ authorization, dpop: proofs[index]! })),
    )
  },
)
await server.close()
await store.close()
rmSync(folder, { recursive: true, force: true })
