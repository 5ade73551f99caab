import { createFileRoute } from '@tanstack/react-router'
import { respond } from '../../../app/routes'

export const Route = createFileRoute('/proxied')({
  server: { handlers: { GET: ({ request }) => respond(request) } },
})
