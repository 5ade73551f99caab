import { headers } from 'next/headers.js'
import { COMPONENTS, tokenOrCode } from '../app/rendered.ts'
import { whileRendering } from '../app/routes.ts'
import { auth } from './sessions.ts'

const Token = async () => <i>{await tokenOrCode(await auth())}</i>

/** The state after all components have got their token. */
const Snapshot = async () => {
  const session = await auth()
  await tokenOrCode(session)
  return <pre>{JSON.stringify(session.snapshot())}</pre>
}

/** Eight components that ask for the token in parallel. */
export async function Rendered() {
  await whileRendering({ headers: await headers() })
  return (
    <main>
      {Array.from({ length: COMPONENTS }, (_, at) => (
        <Token key={at} />
      ))}
      <Snapshot />
    </main>
  )
}
