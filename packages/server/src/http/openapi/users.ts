import {
  authReply,
  claimReply,
  exceptQuery,
  newUser,
  passkeysReply,
  userSessionsQuery,
  userSessionsReply,
  userChange,
  userReply,
  usersQuery,
  usersReply,
} from '@tokenkeep/protocol'
import type { Operation } from './operation.ts'

const app = '/v1/apps/:app'
const user = `${app}/users/:user`
const needs = 'key'

/** Routes for an app's backend and the Console that concern the app's users. */
export const userOperations: readonly Operation[] = [
  {
    method: 'get',
    path: `${app}/users`,
    summary:
      'List users by page, with an API key. Without one: check whether a user with this identifier exists',
    needs: 'optional key',
    query: usersQuery,
    replies: { 200: usersReply },
  },
  {
    method: 'post',
    path: `${app}/users`,
    summary:
      'Add a user, with an API key. Without one: begin a sign-up, as Passage’s element does. It stores nothing',
    needs: 'optional key',
    body: newUser,
    replies: { 201: [userReply, claimReply] },
    errors: ['conflict', 'operation_not_allowed'],
  },
  {
    method: 'get',
    path: user,
    summary: 'Read a user',
    needs,
    replies: { 200: userReply },
    errors: ['user_not_found'],
  },
  {
    method: 'patch',
    path: user,
    summary: 'Change a user',
    needs,
    body: userChange,
    replies: { 200: userReply },
    errors: ['user_not_found', 'conflict'],
  },
  {
    method: 'delete',
    path: user,
    summary: 'Delete a user, and end all of their sessions',
    needs,
    replies: { 200: undefined },
    errors: ['user_not_found'],
  },
  {
    method: 'patch',
    path: `${user}/activate`,
    summary: 'Activate a user: they can sign in again. Ended sessions stay ended',
    needs,
    replies: { 200: userReply },
    errors: ['user_not_found'],
  },
  {
    method: 'patch',
    path: `${user}/deactivate`,
    summary: 'Deactivate a user: all their sessions end and they cannot sign in',
    needs,
    replies: { 200: userReply },
    errors: ['user_not_found'],
  },
  {
    method: 'get',
    path: `${user}/devices`,
    summary: 'List the passkeys of a user',
    needs,
    replies: { 200: passkeysReply },
    errors: ['user_not_found'],
  },
  {
    method: 'delete',
    path: `${user}/devices/:device`,
    summary: 'Remove a passkey',
    needs,
    replies: { 200: undefined },
    errors: ['user_not_found', 'device_not_found'],
  },
  {
    method: 'get',
    path: `${user}/sessions`,
    summary: 'List the live sessions of a user',
    needs,
    query: userSessionsQuery,
    replies: { 200: userSessionsReply },
    errors: ['user_not_found'],
  },
  {
    method: 'post',
    path: `${user}/sessions`,
    summary: 'Open a session for a user whom your own backend has authenticated',
    needs,
    replies: { 201: authReply },
    errors: ['user_not_found', 'user_not_active', 'conflict'],
  },
  {
    method: 'delete',
    path: `${user}/sessions/:session`,
    summary: 'End a session',
    needs,
    replies: { 200: undefined },
    errors: ['user_not_found', 'not_found'],
  },
  {
    method: 'delete',
    path: `${user}/tokens`,
    summary: 'End all sessions of a user, or all except one',
    needs,
    query: exceptQuery,
    replies: { 200: undefined },
    errors: ['user_not_found', 'not_found'],
  },
]
