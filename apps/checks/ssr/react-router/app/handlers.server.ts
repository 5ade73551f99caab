import type { LoaderFunctionArgs } from 'react-router'
import { handlers } from '../../app/routes'
import { sessionContext } from './session.server'

export const handler =
  (name: string) =>
  ({ request, context }: LoaderFunctionArgs): Promise<Response> =>
    handlers[name]!(request, context.get(sessionContext))
