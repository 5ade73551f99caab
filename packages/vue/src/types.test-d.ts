// Type tests: `pnpm typecheck` compiles this file. It never runs.
import { expectTypeOf } from 'vitest'
import type { ComputedRef, Plugin } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import {
  authTokenGuard,
  createAuthToken,
  useAuthToken,
  type AuthState,
  type AuthToken,
  type TokenManager,
} from './index.ts'

declare const manager: TokenManager

expectTypeOf(createAuthToken({ manager })).toEqualTypeOf<Plugin>()
expectTypeOf(useAuthToken()).toEqualTypeOf<AuthToken>()
expectTypeOf(useAuthToken().state).toEqualTypeOf<ComputedRef<AuthState>>()
expectTypeOf(useAuthToken().getAuthToken).returns.toEqualTypeOf<Promise<string>>()
expectTypeOf(useAuthToken((state) => state.status === 'valid')).toEqualTypeOf<ComputedRef<boolean>>()

// The status tells which fields a state has.
const { state } = useAuthToken()
if (state.value.status === 'valid') expectTypeOf(state.value.token).toEqualTypeOf<string>()
// Without a check of the status, the token may be absent.
expectTypeOf(state.value.token).toEqualTypeOf<string | undefined>()
// @ts-expect-error -- A ref must be read through `.value`.
void state.status
// @ts-expect-error -- The refs are readonly.
state.value = { status: 'signed-out', reason: 'none' }
// @ts-expect-error -- The refs of selectors are readonly too.
useAuthToken(({ status }) => status).value = 'valid'
// @ts-expect-error -- A selector takes the state, not the token.
useAuthToken((token: string) => token)
// @ts-expect-error -- A plugin needs a manager.
createAuthToken({})
// @ts-expect-error -- The manager is an option.
createAuthToken(manager)

createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/orders',
      component: {},
      beforeEnter: authTokenGuard(manager, (to) => ({ path: '/sign-in', query: { next: to.fullPath } })),
    },
  ],
})
// @ts-expect-error -- The location of the sign-in page is required.
authTokenGuard(manager)
