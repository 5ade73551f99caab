import { createFileRoute } from '@tanstack/react-router'
import { sessions } from '../../sessions.server'

/** Answers the browser half. */
export const Route = createFileRoute('/auth/$')({
  server: { handlers: { ANY: ({ request }) => sessions.handler(request) } },
})
