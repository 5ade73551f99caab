import { authOperations } from './auth.ts'
import { currentUserOperations } from './current-user.ts'
import { managementOperations } from './management.ts'
import { oauthOperations } from './oauth.ts'
import type { Operation } from './operation.ts'
import { operatorOperations } from './operations.ts'
import { userOperations } from './users.ts'
import { webhookOperations } from './webhooks.ts'

/** Every route of the server, except the Console's files. */
export const operations: readonly Operation[] = [
  ...authOperations,
  ...currentUserOperations,
  ...managementOperations,
  ...userOperations,
  ...webhookOperations,
  ...oauthOperations,
  ...operatorOperations,
]
