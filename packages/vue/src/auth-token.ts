import {
  createAuthFetch,
  initialState,
  type AuthFetch,
  type AuthState,
  type TokenManager,
} from '@tokenkeep/core'
import {
  computed,
  customRef,
  getCurrentInstance,
  getCurrentScope,
  hasInjectionContext,
  inject,
  onMounted,
  onScopeDispose,
  shallowRef,
  ssrContextKey,
  type ComputedRef,
  type InjectionKey,
  type Plugin,
  type Ref,
} from 'vue'

/** A manager's functions, for a component. They stay the same as long as the app lives. */
export interface AuthTokenActions extends Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'> {
  /** The plugin's `fetch`. Default: `createAuthFetch(manager)`, which sends the token to the page's own origin only. */
  readonly fetch: AuthFetch
  readonly manager: TokenManager
}

/** What `useAuthToken()` returns. */
export interface AuthToken extends AuthTokenActions {
  readonly state: ComputedRef<AuthState>
}

/** Options of `createAuthToken()`. */
export interface AuthTokenOptions {
  /** The code that creates the manager also disposes it: the plugin does not. */
  readonly manager: TokenManager
  /**
   * What `useAuthToken().fetch` is. Default: `createAuthFetch(manager)`. If the API has another origin than the page,
   * pass `createAuthFetch(manager, { origins })`.
   */
  readonly fetch?: AuthFetch
}

interface Binding {
  readonly actions: AuthTokenActions
  readonly state: Readonly<Ref<AuthState>>
  /** Keeps `state` current until the current effect scope is disposed. */
  follow(): void
}

const bindingKey: InjectionKey<Binding> = Symbol('tokenkeep')

/**
 * Creates the plugin that provides a token manager to an app.
 *
 * @example
 * ```ts
 * import { createAuthToken, createTokenManager, sessionServer } from '@tokenkeep/vue'
 * import { createApp } from 'vue'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const manager = createTokenManager({ transport })
 * createApp({}).use(createAuthToken({ manager })).mount('#app')
 * ```
 */
export function createAuthToken({ manager, fetch = createAuthFetch(manager) }: AuthTokenOptions): Plugin {
  const { getAuthToken, signIn, signOut } = manager
  const state = shallowRef(initialState)
  let followers = 0
  let unsubscribe: () => void
  const binding: Binding = {
    actions: { manager, fetch, getAuthToken, signIn, signOut },
    state,
    follow() {
      if (followers++ === 0) {
        unsubscribe = manager.subscribe((next) => (state.value = next))
        state.value = manager.get()
      }
      onScopeDispose(() => {
        if (--followers === 0) unsubscribe()
      })
    },
  }
  return { install: (app) => app.provide(bindingKey, binding) }
}

/**
 * Returns the auth state as a readonly ref, and the manager's functions. Call it in `setup()` before its first `await`, in
 * any effect scope that runs with the app's context, or in a guard of vue-router. In a guard, which has no effect scope,
 * the ref always reads the current state, and triggers no effects.
 *
 * @throws Error if the app does not use the plugin, or if the call comes too late
 *
 * @example
 * ```ts
 * import { useAuthToken } from '@tokenkeep/vue'
 * import { defineComponent, h } from 'vue'
 *
 * export const SignOut = defineComponent(() => {
 *   const { state, signOut } = useAuthToken()
 *   return () => (state.value.status === 'signed-out' ? null : h('button', { onClick: signOut }, 'Sign out'))
 * })
 * ```
 */
export function useAuthToken(): AuthToken
/**
 * Returns what `selector` reads from the auth state, as a readonly ref. Effects that read the ref run again only if that
 * value changes (`Object.is`).
 *
 * @throws Error if the app does not use the plugin
 *
 * @example
 * ```ts
 * import { isSignedIn, useAuthToken } from '@tokenkeep/vue'
 * import { defineComponent } from 'vue'
 *
 * export const Greeting = defineComponent(() => {
 *   const signedIn = useAuthToken(isSignedIn)
 *   return () => (signedIn.value ? 'Welcome back' : 'Please sign in')
 * })
 * ```
 */
export function useAuthToken<T>(selector: (state: AuthState) => T): ComputedRef<T>
export function useAuthToken<T>(selector?: (state: AuthState) => T): ComputedRef<T> | AuthToken {
  if (!hasInjectionContext())
    throw new Error('useAuthToken() was called too late: call it in setup(), before the first await.')
  const binding = inject(bindingKey, undefined)
  if (!binding)
    throw new Error(
      'useAuthToken() found no token manager: call app.use(createAuthToken({ manager })) first.',
    )
  const { actions } = binding
  if (!getCurrentScope()) {
    const live = <V>(get: () => V) => customRef(() => ({ get, set: () => {} })) as ComputedRef<V>
    const { get } = actions.manager
    return selector ? live(() => selector(get())) : { ...actions, state: live(get) }
  }
  const onServer = inject(ssrContextKey, undefined) !== undefined
  // Only a component that hydrates the server's HTML has an element before its first render.
  const isFirstRender = shallowRef(onServer || Boolean(getCurrentInstance()?.vnode.el))
  if (!onServer) {
    binding.follow()
    if (isFirstRender.value) onMounted(() => (isFirstRender.value = false))
  }
  const { firstState = initialState } = binding.actions.manager
  // The server renders the first state, and so does the browser's first render: hydration matches.
  const read = (): AuthState => (isFirstRender.value ? firstState : binding.state.value)
  return selector ? computed(() => selector(read())) : { ...actions, state: computed(read) }
}
