import { createFileRoute } from '@tanstack/react-router'
import { handlers } from '../../../app/routes'

export const Route = createFileRoute('/redirect')({
  server: { handlers: { GET: ({ request, context }) => handlers['redirect']!(request, context.session) } },
})
