/** The environment of React Native, and the secure storage of a phone. */
import type { Environment } from '../environment.ts'
import { portableEnvironment } from './portable.ts'

export { secureStore, type SecureStorage } from './secure-store.ts'

/** React Native's `AppState`, as far as it is used. */
export interface AppState {
  readonly currentState: string
  addEventListener(type: 'change', listener: (state: string) => void): { remove(): void }
}

/**
 * The environment for React Native, with or without Expo: the state of the app takes the place of the page's events. When
 * the app comes to the foreground, the manager reads its record again.
 *
 * One app has one manager. An extension of the app, such as a widget, needs a session of its own: two programs that use
 * one refresh token look like a theft.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 * import { reactNativeEnvironment, secureStore, type AppState, type SecureStorage } from '@tokenkeep/core/react-native'
 *
 * // Call it with `AppState` of `react-native`, and with everything that `expo-secure-store` exports.
 * export const createAuth = (appState: AppState, SecureStore: SecureStorage) =>
 *   createTokenManager({
 *     transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 *     storage: secureStore(SecureStore),
 *     environment: reactNativeEnvironment(appState),
 *   })
 * ```
 */
export const reactNativeEnvironment = (appState: AppState): Environment => {
  const isVisible = (): boolean => appState.currentState !== 'background'
  return {
    ...portableEnvironment,
    isVisible,
    channel(_, listener, signal) {
      const subscription = appState.addEventListener('change', (state) => state === 'active' && listener())
      signal.addEventListener('abort', () => subscription.remove())
      // The app has no other tabs.
      return () => {}
    },
    lastMessage: () => undefined,
  }
}
