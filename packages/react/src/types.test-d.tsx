// What must compile, and what must not: read by `pnpm typecheck`, run by nobody.
import { expectTypeOf } from 'vitest'
import {
  AuthTokenProvider,
  RequireAuth,
  useAuthToken,
  useSuspenseAuthToken,
  type AuthState,
  type AuthToken,
  type SettledState,
  type SignedOutReason,
  type TokenManager,
} from './index.ts'

declare const manager: TokenManager

expectTypeOf(useAuthToken()).toEqualTypeOf<AuthToken>()
expectTypeOf(useAuthToken().state).toEqualTypeOf<AuthState>()
expectTypeOf(useAuthToken().getAuthToken).returns.toEqualTypeOf<Promise<string>>()
expectTypeOf(useAuthToken().fetch).toEqualTypeOf<typeof fetch>()
expectTypeOf(useAuthToken((state) => state.status === 'valid')).toEqualTypeOf<boolean>()
expectTypeOf(useAuthToken((state) => ({ status: state.status }))).toEqualTypeOf<{
  status: AuthState['status']
}>()
expectTypeOf(useSuspenseAuthToken().state).toEqualTypeOf<SettledState>()

// What a state holds is known once its status is.
const { state } = useAuthToken()
if (state.status === 'valid') expectTypeOf(state.token).toEqualTypeOf<string>()
if (state.status === 'signed-out') expectTypeOf(state.reason).toEqualTypeOf<SignedOutReason>()
// Before that, a token may be absent.
expectTypeOf(state.token).toEqualTypeOf<string | undefined>()
// @ts-expect-error -- There is no such state.
void (state.status === 'loading')
// @ts-expect-error -- The state is not to be written to.
state.status = 'valid'
// @ts-expect-error -- A selector takes the state.
useAuthToken((token: string) => token)
// @ts-expect-error -- It is a promise: there may be a refresh to wait for.
useAuthToken().getAuthToken() satisfies string
// @ts-expect-error -- Seconds, as a number.
void useAuthToken().getAuthToken({ minValidSeconds: '60' })

const settledState = useSuspenseAuthToken().state
if (settledState.status !== 'signed-out') expectTypeOf(settledState.session.userId).toEqualTypeOf<string>()

void (<AuthTokenProvider manager={manager} />)
// @ts-expect-error -- A provider needs a manager.
void (<AuthTokenProvider />)
// @ts-expect-error -- And nothing but a manager.
void (<AuthTokenProvider manager={{ get: () => undefined }} />)
void (<RequireAuth fallback="sign in" />)
// @ts-expect-error -- Who is not signed in has to be shown something.
void (<RequireAuth>orders</RequireAuth>)
