export { createFakeTokenManager } from './fake-token-manager.ts'
export { expired, fakeSession, initial, refreshing, signedOut, valid } from './states.ts'

export type { FakeTokenManager, FakeTokenManagerOptions } from './fake-token-manager.ts'
