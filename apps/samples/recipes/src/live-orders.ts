import type { TokenManager } from '@tokenkeep/core'

/** The close code of a connection whose token the server refuses. It corresponds to the status 401 of HTTP. */
const unauthorized = 4401

/**
 * Keeps a WebSocket open while a user is signed in, and reconnects with the current token if it closes. The token is
 * the first message and not in the URL, because servers log URLs. Returns a function that stops this.
 */
export const followOrders = (
  auth: TokenManager,
  url: string,
  onOrder: (order: string) => void,
): (() => void) => {
  let followed: string | undefined
  let connection = new AbortController()

  const follow = (): void => {
    const session = auth.session()?.id
    if (session === followed) return
    connection.abort()
    connection = new AbortController()
    followed = session
    if (session !== undefined) void keepOpen(connection.signal)
  }
  const keepOpen = async (signal: AbortSignal): Promise<void> => {
    let rejected: { readonly rejected?: string } = {}
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        // Waits for a running refresh, and asks for a token that outlives the handshake.
        const token = await auth.getAuthToken({ signal, minValidSeconds: 5, ...rejected })
        const end = await converse(url, token, onOrder, signal)
        rejected = end === 'refused' ? { rejected: token } : {}
        if (end === 'closed') attempt = 0
      } catch {
        // There is no token now. If the session has ended, `signal` is aborted too.
      }
      await pause(Math.random() * Math.min(30_000, 500 * 2 ** attempt), signal)
    }
  }

  const stop = auth.subscribe(follow)
  follow()
  return () => {
    stop()
    connection.abort()
  }
}

type End = 'never opened' | 'refused' | 'closed'

/** Opens one connection. Resolves when it has ended, and says how it ended. */
const converse = (url: string, token: string, onOrder: (order: string) => void, signal: AbortSignal) =>
  new Promise<End>((resolve) => {
    const socket = new WebSocket(url)
    let end: End = 'never opened'
    socket.onopen = () => {
      end = 'closed'
      socket.send(JSON.stringify({ token }))
    }
    socket.onmessage = ({ data }) => onOrder(String(data))
    socket.onclose = ({ code }) => resolve(code === unauthorized ? 'refused' : end)
    signal.addEventListener('abort', () => socket.close(), { once: true })
  })

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
