import { createFileRoute } from '@tanstack/react-router'
import { handlers } from '../../../app/routes'

export const Route = createFileRoute('/orders')({
  server: { handlers: { GET: ({ request, context }) => handlers['orders']!(request, context.session) } },
})
