import type { LoaderFunctionArgs } from 'react-router'
import { respond } from '../../../app/routes'

const answer = ({ request }: LoaderFunctionArgs): Promise<Response> => respond(request)

export { answer as action, answer as loader }
