import { isAuthError, type Auth, type Backend } from '@tokenkeep/backend'
import { WebSocketServer, type WebSocket } from 'ws'

const unauthorized = 4401
const tryAgainLater = 1013

/**
 * Accepts connections whose first message is an auth token, and reports their users. Closes a connection if its token is
 * not valid or if its session ends. The client then refreshes, and so learns whether it is signed out.
 */
export const serveOrders = (
  sockets: WebSocketServer,
  backend: Pick<Backend, 'verifyAuthToken' | 'revocations'>,
  onOpen: (socket: WebSocket, auth: Auth) => void,
): void => {
  const open = new Map<WebSocket, Auth>()

  sockets.on('connection', (socket) => {
    const deadline = setTimeout(() => socket.close(unauthorized), 5_000)
    socket.once('message', async (message) => {
      clearTimeout(deadline)
      try {
        const { token } = JSON.parse(String(message)) as { token: string }
        const auth = await backend.verifyAuthToken(token)
        open.set(socket, auth)
        onOpen(socket, auth)
      } catch (error) {
        // The status 503 means that the check itself failed, so the token may be valid.
        socket.close(isAuthError(error) && error.status === 503 ? tryAgainLater : unauthorized)
      }
    })
    socket.on('close', () => {
      clearTimeout(deadline)
      open.delete(socket)
    })
    socket.on('error', () => socket.terminate())
  })

  // This may also close connections of the same user's other sessions. They reconnect at once.
  backend.revocations({
    whenDown: 'accept',
    onRevocation: (ended) => {
      for (const [socket, { userId, sessionId }] of open)
        if (
          ended.type === 'app' ||
          ended.type === 'keys' ||
          (ended.type === 'session' ? ended.session_id === sessionId : ended.user_id === userId)
        )
          socket.close(unauthorized)
    },
  })
}
