import {
  appReply,
  authReply,
  discovery,
  handshakeFinish,
  handshakeReply,
  jwks,
  refreshRequest,
  signInRequest,
  signOutRequest,
  signUpRequest,
  signOutQuery,
} from '@tokenkeep/protocol'
import type { Operation } from './operation.ts'

const app = '/v1/apps/:app'
const cookie = {
  'tokenkeep-session': '`cookie`: the refresh token is in a cookie. Only pages of the app can use it',
}
const dpop = {
  dpop: 'A proof of the client’s key (RFC 9449). If the app binds sessions, the session is bound to this key',
}

/** Routes for the pages of an app. */
export const authOperations: readonly Operation[] = [
  {
    method: 'post',
    path: `${app}/tokens`,
    summary: 'Refresh: get the next auth token and refresh token',
    headers: {
      'idempotency-key': 'The retry id: the same for each try of one refresh',
      'tokenkeep-last-attempt': 'The retry id of the last refresh that the client got a response to',
      ...cookie,
      ...dpop,
      authorization:
        'For the app’s own server: `Basic` with the app’s id and a client secret. It gets the current token for any older one that it has proven',
    },
    body: refreshRequest,
    replies: { 201: authReply },
    errors: [
      'invalid_refresh_token',
      'superseded',
      'origin_not_allowed',
      'invalid_client',
      'invalid_dpop_proof',
      'use_dpop_nonce',
    ],
  },
  {
    method: 'delete',
    path: `${app}/tokens`,
    summary: 'Sign out: end the session of a refresh token of any generation',
    query: signOutQuery,
    headers: { ...cookie, dpop: 'A proof of the client’s key. A sign-out works without one too' },
    body: signOutRequest,
    bodyOptional: true,
    replies: { 200: undefined },
    errors: ['origin_not_allowed'],
  },
  {
    method: 'get',
    path: app,
    summary: 'Read the app. With an API key, also its settings',
    needs: 'optional key',
    scope: 'settings:read',
    replies: { 200: appReply },
  },
  {
    method: 'get',
    path: `${app}/.well-known/jwks.json`,
    summary: 'List the public keys that verify auth tokens (RFC 7517)',
    replies: { 200: jwks },
  },
  {
    method: 'get',
    path: `${app}/.well-known/openid-configuration`,
    summary: 'Read the location of the public keys',
    replies: { 200: discovery },
  },
  {
    method: 'post',
    path: `${app}/register/webauthn/start`,
    summary: 'Start a sign-up with a passkey',
    body: signUpRequest,
    replies: { 200: handshakeReply },
    errors: ['conflict', 'operation_not_allowed'],
  },
  {
    method: 'post',
    path: `${app}/register/webauthn/finish`,
    summary: 'Finish the sign-up and open a session',
    headers: { ...cookie, ...dpop },
    body: handshakeFinish,
    replies: { 200: authReply },
    errors: [
      'invalid_dpop_proof',
      'use_dpop_nonce',
      'webauthn_login_failed',
      'conflict',
      'operation_not_allowed',
      'user_not_active',
      'origin_not_allowed',
    ],
  },
  {
    method: 'post',
    path: `${app}/login/webauthn/start`,
    summary: 'Start a sign-in with a passkey',
    body: signInRequest,
    bodyOptional: true,
    replies: { 200: handshakeReply },
    errors: ['user_not_found', 'user_has_no_passkeys'],
  },
  {
    method: 'post',
    path: `${app}/login/webauthn/finish`,
    summary: 'Finish the sign-in and open a session',
    headers: { ...cookie, ...dpop },
    body: handshakeFinish,
    replies: { 200: authReply },
    errors: [
      'invalid_dpop_proof',
      'use_dpop_nonce',
      'webauthn_login_failed',
      'user_not_active',
      'origin_not_allowed',
    ],
  },
]
