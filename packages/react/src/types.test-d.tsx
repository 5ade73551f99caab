// Type tests: `pnpm typecheck` compiles this file. It never runs.
import { expectTypeOf } from 'vitest'
import {
  AuthTokenProvider,
  RequireAuth,
  RequireRole,
  useAuthToken,
  useClaims,
  useSuspenseAuthToken,
  type AuthFetch,
  type AuthState,
  type AuthToken,
  type Session,
  type SettledState,
  type SignedOutReason,
  type TokenManager,
} from './index.ts'

declare module '@tokenkeep/core' {
  interface SessionClaims {
    readonly roles?: readonly string[]
  }
}

declare const manager: TokenManager

expectTypeOf(useAuthToken()).toEqualTypeOf<AuthToken>()
expectTypeOf(useAuthToken().state).toEqualTypeOf<AuthState>()
expectTypeOf(useAuthToken().getAuthToken).returns.toEqualTypeOf<Promise<string>>()
expectTypeOf(useAuthToken().fetch).toEqualTypeOf<AuthFetch>()
expectTypeOf(useAuthToken((state) => state.status === 'valid')).toEqualTypeOf<boolean>()
expectTypeOf(useAuthToken((state) => ({ status: state.status }))).toEqualTypeOf<{
  status: AuthState['status']
}>()
expectTypeOf(useSuspenseAuthToken().state).toEqualTypeOf<SettledState>()

// The status tells which fields a state has.
const { state } = useAuthToken()
if (state.status === 'valid') expectTypeOf(state.token).toEqualTypeOf<string>()
if (state.status === 'signed-out') expectTypeOf(state.reason).toEqualTypeOf<SignedOutReason>()
// Without a check of the status, the token may be absent.
expectTypeOf(state.token).toEqualTypeOf<string | undefined>()
// @ts-expect-error -- There is no such status.
void (state.status === 'loading')
// @ts-expect-error -- The state is readonly.
state.status = 'valid'
// @ts-expect-error -- A selector takes the state, not the token.
useAuthToken((token: string) => token)
// @ts-expect-error -- getAuthToken() returns a promise, because it may wait for a refresh.
useAuthToken().getAuthToken() satisfies string
// @ts-expect-error -- Seconds are a number.
void useAuthToken().getAuthToken({ minValidSeconds: '60' })

const settledState = useSuspenseAuthToken().state
if (settledState.status !== 'signed-out') expectTypeOf(settledState.session.userId).toEqualTypeOf<string>()

void (<AuthTokenProvider manager={manager} />)
// @ts-expect-error -- A provider needs a manager.
void (<AuthTokenProvider />)
// @ts-expect-error -- The manager must be complete.
void (<AuthTokenProvider manager={{ get: () => undefined }} />)
void (<RequireAuth fallback="sign in" />)
// @ts-expect-error -- A fallback is required.
void (<RequireAuth>orders</RequireAuth>)

// An app declares its claims once, and they are typed everywhere.
expectTypeOf<NonNullable<Session['claims']>['roles']>().toEqualTypeOf<readonly string[] | undefined>()
expectTypeOf(useClaims()?.roles).toEqualTypeOf<readonly string[] | undefined>()
expectTypeOf(useAuthToken(({ session }) => session?.claims?.sub)).toEqualTypeOf<string | undefined>()
expectTypeOf(useClaims()?.['other']).toEqualTypeOf<unknown>()
void (<RequireRole fallback="sign in" allow={({ claims }) => claims?.roles?.includes('admin') ?? false} />)
// @ts-expect-error -- It needs a decision.
void (<RequireRole fallback="sign in">prices</RequireRole>)
// @ts-expect-error -- A role is a string.
void (<RequireRole fallback="sign in" allow={({ claims }) => claims?.roles?.includes(1) ?? false} />)
