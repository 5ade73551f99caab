import { createFileRoute } from '@tanstack/react-router'
import { handlers } from '../../../app/routes'

export const Route = createFileRoute('/sign-in')({
  server: { handlers: { POST: ({ request, context }) => handlers['sign-in']!(request, context.session) } },
})
