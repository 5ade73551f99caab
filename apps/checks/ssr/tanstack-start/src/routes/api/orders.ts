import { createFileRoute } from '@tanstack/react-router'
import { respond } from '../../../../app/routes'

export const Route = createFileRoute('/api/orders')({
  server: { handlers: { ANY: ({ request }) => respond(request) } },
})
