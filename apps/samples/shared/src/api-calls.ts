import { createAuthFetch, isTokenError, type TokenManager, type TokenSource } from '@tokenkeep/core'
import { createStore, type Store } from './store.ts'

export type Outcome = 'ok' | 'failed' | 'waiting'

export interface ApiCall {
  readonly id: number
  readonly outcome: Outcome
  readonly text: string
}

export interface ApiCalls {
  readonly ok: number
  readonly failed: number
  readonly waiting: number
  readonly recent: readonly ApiCall[]
}

const EVERY_MS = 3_000
/**
 * The API must answer within this time. The wait for a token is not part of it, because that wait is longer in an
 * outage.
 */
const ANSWER_MS = 10_000
/** After this time, a call counts as waiting. If it gets an answer later, it moves to the answers. */
const LATE_MS = 500
const SHOWN = 40

type Result = readonly [outcome: Outcome, text: string]

const fetchInTime: typeof fetch = (input, init) =>
  fetch(input, { ...init, signal: AbortSignal.timeout(ANSWER_MS) })

/** Calls the API once. Returns `undefined` if nobody is signed in: nothing was sent, so no call failed. */
const call = async (send: typeof fetch): Promise<Result | undefined> => {
  try {
    const response = await send('/api/time')
    if (response.ok) return ['ok', String(response.status)]
    const { code } = (await response.json().catch(() => ({}))) as { code?: string }
    return ['failed', code ? `${response.status} ${code}` : String(response.status)]
  } catch (error) {
    if (!isTokenError(error)) return ['failed', 'no answer']
    if (error.code === 'unreachable' || error.code === 'throttled') return ['waiting', error.code]
    return error.code === 'misconfigured' || error.code === 'storage' ? ['failed', error.code] : undefined
  }
}

/** Calls the sample's API every three seconds while someone is signed in. A server that renders the page makes no calls. */
export const startApiCalls = (auth: TokenManager): Store<ApiCalls> => {
  const calls = createStore<ApiCalls>({ ok: 0, failed: 0, waiting: 0, recent: [] })
  if (typeof document === 'undefined') return calls
  // No user asks for these calls, so they do not keep the session alive.
  const inBackground: TokenSource = {
    get: auth.get,
    getAuthToken: (options) => auth.getAuthToken({ ...options, activity: 'background' }),
  }
  const send = createAuthFetch(inBackground, { fetch: fetchInTime })
  const signedIn = () => auth.session() !== undefined
  let timer: ReturnType<typeof setInterval> | undefined
  let busy = false
  let id = 0

  const once = async () => {
    if (busy) return
    busy = true
    const { waiting } = calls.get()
    const late = setTimeout(() => calls.set({ ...calls.get(), waiting: waiting + 1 }), LATE_MS)
    const result = await call(send)
    clearTimeout(late)
    busy = false
    const before = { ...calls.get(), waiting }
    if (!result) return calls.set(before)
    const [outcome, text] = result
    const recent = [...before.recent, { id: ++id, outcome, text }].slice(-SHOWN)
    calls.set({ ...before, [outcome]: before[outcome] + 1, recent })
  }

  const follow = () => {
    if (signedIn() && timer === undefined) {
      timer = setInterval(() => void once(), EVERY_MS)
      void once()
    } else if (!signedIn() && timer !== undefined) {
      clearInterval(timer)
      timer = undefined
    }
  }
  auth.subscribe(follow)
  follow()
  return calls
}
