import type { LoaderFunctionArgs } from 'react-router'
import { COMPONENTS, tokenOrCode } from '../../app/rendered'
import { whileRendering } from '../../app/routes'
import { sessionContext } from './session.server'

/** What eight parts of a page get that ask for the token in parallel, and the state after that. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const session = context.get(sessionContext)
  await whileRendering(request)
  const tokens = await Promise.all(Array.from({ length: COMPONENTS }, () => tokenOrCode(session)))
  return { tokens, after: session.snapshot() }
}
