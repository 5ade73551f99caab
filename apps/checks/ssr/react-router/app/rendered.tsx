import { useAuthToken } from '@tokenkeep/react'
import { useLoaderData } from 'react-router'
import type { loader } from './rendered.server'

export function Rendered() {
  const { tokens, after } = useLoaderData<typeof loader>()
  const { state } = useAuthToken()
  return (
    <main data-status={state.status}>
      {tokens.map((token, at) => (
        <i key={at}>{token}</i>
      ))}
      <pre>{JSON.stringify(after)}</pre>
    </main>
  )
}
