import { createAuthFetch, initialState, type AuthState, type TokenManager } from '@tokenkeep/core'
import {
  computed,
  getCurrentInstance,
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

/** What can be done about the auth state, by functions that stay the same for a manager's whole life. */
export interface AuthTokenActions extends Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'> {
  /** `fetch` with the auth token, for the page's own origin or as the plugin was told. */
  readonly fetch: typeof fetch
  readonly manager: TokenManager
}

/** What `useAuthToken()` returns. */
export interface AuthToken extends AuthTokenActions {
  readonly state: ComputedRef<AuthState>
}

export interface AuthTokenOptions {
  /** The plugin does not dispose of it: who creates a manager owns it. */
  readonly manager: TokenManager
  /** What `useAuthToken().fetch` is, where the API has another origin than the page: `createAuthFetch(manager, { origins })`. */
  readonly fetch?: typeof fetch
}

interface Binding {
  readonly actions: AuthTokenActions
  readonly state: Readonly<Ref<AuthState>>
  /** Keeps `state` current until the scope is disposed of. */
  follow(): void
}

const bindingKey: InjectionKey<Binding> = Symbol('tokenkeep')

/** The plugin that gives an app its manager: `app.use(createAuthToken({ manager }))`. */
export function createAuthToken({ manager, fetch = createAuthFetch(manager) }: AuthTokenOptions): Plugin {
  const { getAuthToken, signIn, signOut } = manager
  const state = shallowRef(initialState)
  let followers = 0
  let stop: () => void
  const binding: Binding = {
    actions: { manager, fetch, getAuthToken, signIn, signOut },
    state,
    follow() {
      if (followers++ === 0) {
        stop = manager.subscribe((next) => (state.value = next))
        state.value = manager.get()
      }
      onScopeDispose(() => {
        if (--followers === 0) stop()
      })
    },
  }
  return { install: (app) => app.provide(bindingKey, binding) }
}

/** The auth state and what can be done about it. */
export function useAuthToken(): AuthToken
/** A value derived from the auth state: what depends on it runs again only when that value changes. */
export function useAuthToken<T>(selector: (state: AuthState) => T): ComputedRef<T>
export function useAuthToken<T>(selector?: (state: AuthState) => T): ComputedRef<T> | AuthToken {
  const binding = inject(bindingKey, undefined)
  if (!binding) throw new Error('useAuthToken() needs app.use(createAuthToken({ manager }))')
  const onServer = inject(ssrContextKey, undefined) !== undefined
  // Only a component that takes over the server's HTML has an element before it has rendered.
  const first = shallowRef(onServer || Boolean(getCurrentInstance()?.vnode.el))
  if (!onServer) {
    binding.follow()
    if (first.value) onMounted(() => (first.value = false))
  }
  // No storage on a server: what it renders is what the browser hydrates before it shows its own.
  const read = (): AuthState => (first.value ? initialState : binding.state.value)
  return selector ? computed(() => selector(read())) : { ...binding.actions, state: computed(read) }
}
