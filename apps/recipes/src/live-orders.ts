import type { TokenManager } from '@tokenkeep/core'

/**
 * Follows a WebSocket for as long as somebody is signed in, and comes back with a fresh token whenever it closes. The
 * token is the first message, for addresses end up in logs. Returns its end.
 */
export const followOrders = (
  auth: TokenManager,
  url: string,
  onOrder: (order: string) => void,
): (() => void) => {
  let followed: string | undefined
  let leaving = new AbortController()

  const follow = (): void => {
    const session = auth.session()?.id
    if (session === followed) return
    leaving.abort()
    leaving = new AbortController()
    followed = session
    if (session !== undefined) void keepOpen(leaving.signal)
  }
  const keepOpen = async (signal: AbortSignal): Promise<void> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        // Waits for a refresh under way, and asks for a token that outlives the handshake.
        const token = await auth.getAuthToken({ signal, minValidSeconds: 5 })
        if (await converse(url, token, onOrder, signal)) attempt = 0
      } catch {
        // No token now. Where the session has ended, `signal` has too.
      }
      await pause(Math.random() * Math.min(30_000, 500 * 2 ** attempt), signal)
    }
  }

  const stop = auth.subscribe(follow)
  follow()
  return () => {
    stop()
    leaving.abort()
  }
}

/** Resolves when the connection has closed, with whether it ever was open. */
const converse = (url: string, token: string, onOrder: (order: string) => void, signal: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    const socket = new WebSocket(url)
    let opened = false
    socket.onopen = () => {
      opened = true
      socket.send(JSON.stringify({ token }))
    }
    socket.onmessage = ({ data }) => onOrder(String(data))
    socket.onclose = () => resolve(opened)
    signal.addEventListener('abort', () => socket.close(), { once: true })
  })

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
