import type { LoaderFunctionArgs } from 'react-router'
import { sessions } from '../sessions.server'

/** Answers the browser half. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> => sessions.handler(request)

export { answer as action, answer as loader }
