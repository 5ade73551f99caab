import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { ErrorLink } from '@apollo/client/link/error'
import type { TokenManager } from '@tokenkeep/core'
import { from, switchMap } from 'rxjs'

/**
 * Creates a client for GraphQL servers that respond with 200 and UNAUTHENTICATED in the body. For a server that responds
 * with 401, you only need `new HttpLink({ uri, fetch: createAuthFetch(auth, { origins }) })`.
 */
export const createApollo = (auth: TokenManager, uri: string, fetch = globalThis.fetch): ApolloClient => {
  const withToken = new SetContextLink(async () => bearing(await auth.getAuthToken()))

  const replay = new ErrorLink(({ error, operation, forward }) => {
    const { token, replayed } = operation.getContext() as Context
    if (replayed || !isUnauthenticated(error)) return
    // All operations that were refused with the same token share one refresh.
    return from(auth.getAuthToken({ rejected: token })).pipe(
      switchMap((newer) => {
        operation.setContext({ ...bearing(newer), replayed: true })
        return forward(operation)
      }),
    )
  })

  return new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([withToken, replay, new HttpLink({ uri, fetch })]),
  })
}

interface Context {
  readonly token: string
  readonly replayed?: boolean
}

const bearing = (token: string) => ({ token, headers: { authorization: `Bearer ${token}` } })

const isUnauthenticated = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error) &&
  error.errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED')
