export { createFakeTokenManager } from './fake-token-manager.ts'
export { expired, firstRead, fakeSession, refreshing, signedOut, valid } from './states.ts'

export type { FakeTokenManager, FakeTokenManagerOptions } from './fake-token-manager.ts'
