import type { RefreshRequest, Send } from '../src/transports/transport.ts'
import { session } from './records.ts'

// What a transport gets from the manager.

export const refreshRequest: RefreshRequest = { session, refreshToken: 'rt', retryId: 'a' }

/** Rejects. A test passes it to a transport that must send no request. */
export const unusedSend: Send = () => Promise.reject(new Error('unused'))
