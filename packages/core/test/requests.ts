import type { RefreshRequest, Send } from '../src/transports/transport.ts'
import { session } from './records.ts'

// What a transport gets from the manager.

export const refreshRequest: RefreshRequest = { session, refreshToken: 'rt', retryId: 'a' }

/** Rejects. For transports that must send no request with it. */
export const unusedSend: Send = () => Promise.reject(new Error('unused'))
