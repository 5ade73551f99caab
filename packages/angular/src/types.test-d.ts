// Type tests: `pnpm typecheck` compiles this file. It never runs.
import { HttpContext, provideHttpClient, withInterceptors, type HttpInterceptor } from '@angular/common/http'
import type { EnvironmentProviders, Signal } from '@angular/core'
import type { CanActivateFn, CanMatchFn, Routes } from '@angular/router'
import type { Observable } from 'rxjs'
import { expectTypeOf } from 'vitest'
import {
  AuthTokenInterceptor,
  authTokenGuard,
  authTokenInterceptor,
  injectAuthToken,
  provideAuthToken,
  WITHOUT_AUTH_TOKEN,
  type AuthState,
  type AuthToken,
  type TokenManager,
} from './index.ts'

declare const manager: TokenManager

expectTypeOf(provideAuthToken({ manager })).toEqualTypeOf<EnvironmentProviders>()
expectTypeOf(injectAuthToken()).toEqualTypeOf<AuthToken>()
expectTypeOf(injectAuthToken().state).toEqualTypeOf<Signal<AuthState>>()
expectTypeOf(injectAuthToken().state$).toEqualTypeOf<Observable<AuthState>>()
expectTypeOf(injectAuthToken((state) => state.status === 'valid')).toEqualTypeOf<Signal<boolean>>()
expectTypeOf(new AuthTokenInterceptor()).toExtend<HttpInterceptor>()
expectTypeOf(authTokenGuard).toExtend<CanActivateFn>()
expectTypeOf(authTokenGuard).toExtend<CanMatchFn>()

provideHttpClient(withInterceptors([authTokenInterceptor]))
void ([{ path: 'orders', canActivate: [authTokenGuard], canMatch: [authTokenGuard] }] satisfies Routes)

// The status tells which fields a state has.
const state = injectAuthToken().state()
if (state.status === 'valid') expectTypeOf(state.token).toEqualTypeOf<string>()
// Without a check of the status, the token may be absent.
expectTypeOf(state.token).toEqualTypeOf<string | undefined>()
// @ts-expect-error -- A signal must be called.
void injectAuthToken().state.status
// @ts-expect-error -- The signals are readonly.
injectAuthToken().state.set(state)
// @ts-expect-error -- A selector takes the state, not the token.
injectAuthToken((token: string) => token)
// @ts-expect-error -- The manager is required.
provideAuthToken({})
// @ts-expect-error -- Origins are a list.
provideAuthToken({ manager, origins: 'https://api.example.com' })
new HttpContext().set(WITHOUT_AUTH_TOKEN, true)
// @ts-expect-error -- The value is a boolean.
new HttpContext().set(WITHOUT_AUTH_TOKEN, 'yes')
