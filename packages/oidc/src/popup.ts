import { isTokenError } from '@tokenkeep/core'
import { isSignInError, SignInError, type SignInErrorCode } from './errors.ts'
import type { CompletedSignIn, OidcManager } from './api.ts'
import type { Page, Popup } from './page.ts'

/**
 * What a popup tells the page that opened it. It is sent through a `BroadcastChannel`, because the provider may cut the tie
 * between the two windows (Cross-Origin-Opener-Policy). It has no token and no code. `ath`: the hash of the new access token,
 * from which nobody can tell the token (RFC 9449 section 4.2).
 */
type Answer =
  | { readonly status: CompletedSignIn['status']; readonly ath?: string }
  | {
      readonly code: SignInErrorCode
      readonly claim?: string | undefined
      readonly reason?: string | undefined
    }

/** How often the page looks whether the popup is closed. Milliseconds. */
const INTERVAL = 500
/** How long the popup waits for the page to hear of a failure, before it shows the failure itself. Milliseconds. */
const PATIENCE = 1000
/** How long the session of the popup takes to arrive in the page at most. Milliseconds. */
const ARRIVAL = 10_000

/** No other page can know the state, so each popup has a channel of its own. */
const channelOf = (state: string): BroadcastChannel => new BroadcastChannel(`tokenkeep-popup ${state}`)

interface Opened {
  readonly popup: Popup
  /** The provider's sign-in page. */
  readonly url: string
  readonly state: string
  readonly signal: AbortSignal | undefined
}

/** Shows the provider's sign-in page in the popup. Resolves once this page has heard of the end, and has the session. */
export async function waitForPopup(auth: OidcManager, opened: Opened): Promise<CompletedSignIn['status']> {
  const before = auth.get()
  const answer = await hear(opened)
  if ('code' in answer) {
    const { code, claim, reason } = answer
    throw new SignInError(code, { claim, cause: reason === undefined ? undefined : new Error(reason) })
  }
  if (answer.ath !== undefined) await arrived(auth, answer.ath, before)
  return answer.status
}

function hear({ popup, url, state, signal }: Opened): Promise<Answer> {
  const channel = channelOf(state)
  let timer: ReturnType<typeof setInterval>
  let wasClosed = false
  let abort = (): void => {}
  const answer = new Promise<Answer>((resolve, reject) => {
    channel.onmessage = ({ data }: MessageEvent<Answer>) => {
      channel.postMessage('heard')
      resolve(data)
    }
    // Twice, because the answer of a popup that has just closed itself may be on its way.
    timer = setInterval(() => {
      const isClosed = popup.isClosed()
      if (isClosed && wasClosed) reject(new SignInError('popup-closed'))
      wasClosed = isClosed
    }, INTERVAL)
    abort = () => reject(signal?.reason as Error)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    else popup.show(url)
  })
  return answer.finally(() => {
    clearInterval(timer)
    channel.close()
    signal?.removeEventListener('abort', abort)
  })
}

const hashOf = async (auth: OidcManager): Promise<string> => {
  const token = new TextEncoder().encode(auth.get().token)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', token)).join()
}

/** Waits until this page has the token that the popup has stored. Another change of the session may overtake it. */
const arrived = (auth: OidcManager, ath: string, before: unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      stop()
      settle()
    }
    const check = async (): Promise<void> => {
      if ((await hashOf(auth)) === ath) end(resolve)
    }
    const sentence =
      'The session of the popup has not arrived in this page: give the manager a storage that all tabs share.'
    const fail = (): void => reject(new SignInError('misconfigured', { cause: new Error(sentence) }))
    const timer = setTimeout(() => end(auth.get() === before ? fail : resolve), ARRIVAL)
    const stop = auth.subscribe(() => void check())
    void check()
  })

/**
 * Tells the page that opened this popup how the sign-in ended, and closes the popup. If nobody hears of a failure, for
 * example because that page was closed, the popup shows it.
 */
export async function closePopup(
  page: Page,
  auth: OidcManager,
  state: string,
  ending: Promise<CompletedSignIn>,
): Promise<CompletedSignIn> {
  const channel = channelOf(state)
  const isHeard = new Promise<boolean>((resolve) => {
    channel.onmessage = () => resolve(true)
    void ending.finally(() => setTimeout(() => resolve(false), PATIENCE)).catch(() => {})
  })
  try {
    const { status } = await ending
    const answer: Answer = status === 'signed-in' ? { status, ath: await hashOf(auth) } : { status }
    channel.postMessage(answer)
    await page.close()
  } catch (error) {
    channel.postMessage(failureOf(error))
    if (await isHeard) await page.close()
  } finally {
    channel.close()
  }
  return ending
}

const failureOf = (error: unknown): Answer => {
  if (isSignInError(error)) {
    const { code, claim, cause } = error
    return { code, claim, reason: cause instanceof Error ? cause.message : undefined }
  }
  return isTokenError(error) && error.code === 'storage'
    ? { code: 'storage' }
    : { code: 'misconfigured', reason: `The callback page failed: ${(error as Error | undefined)?.name}.` }
}
