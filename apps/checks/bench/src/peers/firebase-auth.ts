import { initializeApp } from '@firebase/app'
import {
  connectAuthEmulator,
  indexedDBLocalPersistence,
  initializeAuth,
  inMemoryPersistence,
  signInWithCustomToken,
  signOut,
} from '@firebase/auth'
import type { Open } from './peer.ts'

/** Its endpoints are set by its emulator option. In Node, it keeps the session in memory. */
export const open: Open = async (origin, session) => {
  const persistence = typeof indexedDB === 'undefined' ? inMemoryPersistence : indexedDBLocalPersistence
  const auth = initializeAuth(initializeApp({ apiKey: 'app', projectId: 'app' }), { persistence })
  connectAuthEmulator(auth, origin, { disableWarnings: true })
  await auth.authStateReady()
  if (session) await signInWithCustomToken(auth, JSON.stringify(session))
  return { token: async () => auth.currentUser?.getIdToken(), signOut: () => signOut(auth) }
}
