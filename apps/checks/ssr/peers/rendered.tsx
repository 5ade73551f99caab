import peer from './chosen.ts'
import { COMPONENTS } from '../app/rendered.ts'

const Token = async () => {
  const { token = 'error: none' } = await peer.read()
  return <i>{token}</i>
}

/** What the page of the check app shows, in the same form. */
const Snapshot = async () => {
  const { status, userId } = await peer.read()
  return <pre>{JSON.stringify({ state: { status, ...(userId && { session: { userId } }) } })}</pre>
}

/** Eight components that ask for the token in parallel. */
export const Rendered = () => (
  <main>
    {Array.from({ length: COMPONENTS }, (_, at) => (
      <Token key={at} />
    ))}
    <Snapshot />
  </main>
)
