import { useAuthToken } from '@tokenkeep/react'
import { createServerFn } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import { COMPONENTS, tokenOrCode } from '../../app/rendered'
import { whileRendering } from '../../app/routes'

/** What eight parts of a page get that ask for the token in parallel, and the state after that. */
export const getRendered = createServerFn({ strict: { output: false } }).handler(
  async ({ context: { session } }) => {
    await whileRendering(getRequest())
    const tokens = await Promise.all(Array.from({ length: COMPONENTS }, () => tokenOrCode(session)))
    return { tokens, after: session.snapshot() }
  },
)

export function Rendered({ tokens, after }: Awaited<ReturnType<typeof getRendered>>) {
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
