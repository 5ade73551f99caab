import { isAuthError, type Auth, type Backend } from '@tokenkeep/backend'
import { WebSocketServer, type WebSocket } from 'ws'

const unauthorized = 4401
const tryAgainLater = 1013

/**
 * Takes connections whose first message is an auth token, and tells who they are. Closes those without a good one, and
 * those whose session ends: their clients ask for a fresh token, and learn by that whether they are signed out.
 */
export const serveOrders = (
  sockets: WebSocketServer,
  backend: Pick<Backend, 'verifyAuthToken' | 'revocations'>,
  onOpen: (socket: WebSocket, auth: Auth) => void,
): void => {
  const open = new Map<WebSocket, Auth>()

  sockets.on('connection', (socket) => {
    const late = setTimeout(() => socket.close(unauthorized), 5_000)
    socket.once('message', async (message) => {
      clearTimeout(late)
      try {
        const { token } = JSON.parse(String(message)) as { token: string }
        const auth = await backend.verifyAuthToken(token)
        open.set(socket, auth)
        onOpen(socket, auth)
      } catch (error) {
        // Whether the token is good cannot be known now: not the token's fault.
        socket.close(isAuthError(error) && error.status === 503 ? tryAgainLater : unauthorized)
      }
    })
    socket.on('close', () => {
      clearTimeout(late)
      open.delete(socket)
    })
    socket.on('error', () => socket.terminate())
  })

  // Where it closes one too many, as another session of the same user, that one is back at once.
  backend.revocations({
    whenDown: 'accept',
    onRevocation: (ended) => {
      for (const [socket, { userId, sessionId }] of open)
        if (
          ended.type === 'app' ||
          (ended.type === 'session' ? ended.session_id === sessionId : ended.user_id === userId)
        )
          socket.close(unauthorized)
    },
  })
}
