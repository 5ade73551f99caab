import {
  introspection,
  oauthMetadata,
  oauthRefreshRequest,
  oauthTokenQuestion,
  oauthTokens,
} from '@tokenkeep/protocol'
import type { Operation } from './operation.ts'

const app = '/v1/apps/:app'

export const oauthOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/.well-known/oauth-authorization-server/v1/apps/:app',
    summary: 'Read the metadata (RFC 8414)',
    replies: { 200: oauthMetadata },
  },
  {
    method: 'get',
    path: `${app}/.well-known/oauth-authorization-server`,
    summary: 'Read the same metadata, for clients that append the path to the issuer',
    replies: { 200: oauthMetadata },
  },
  {
    method: 'post',
    path: `${app}/oauth/token`,
    summary: 'Refresh (RFC 6749 section 6)',
    headers: {
      'idempotency-key': 'The retry id: the same for each try of one refresh',
      'tokenkeep-last-attempt': 'The retry id of the last refresh that the client got a response to',
      dpop: 'A proof of the client’s key (RFC 9449). If the app binds sessions, the session is bound to this key',
    },
    form: oauthRefreshRequest,
    replies: { 200: oauthTokens },
    errors: [
      'invalid_client',
      'invalid_grant',
      'invalid_scope',
      'unsupported_grant_type',
      'invalid_dpop_proof',
      'use_dpop_nonce',
    ],
  },
  {
    method: 'post',
    path: `${app}/oauth/revoke`,
    summary: 'End the session of a refresh token (RFC 7009)',
    headers: { dpop: 'A proof of the client’s key. A sign-out works without one too' },
    form: oauthTokenQuestion,
    replies: { 200: undefined },
    errors: ['invalid_client'],
  },
  {
    method: 'post',
    path: `${app}/oauth/introspect`,
    summary: 'Check whether an auth token or a refresh token is active (RFC 7662)',
    needs: 'client',
    scope: 'introspect',
    form: oauthTokenQuestion,
    replies: { 200: introspection },
    errors: ['invalid_client'],
  },
]
