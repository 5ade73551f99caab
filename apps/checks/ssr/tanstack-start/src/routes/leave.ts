import { createFileRoute } from '@tanstack/react-router'
import { handlers } from '../../../app/routes'

export const Route = createFileRoute('/leave')({
  server: { handlers: { POST: ({ request, context }) => handlers['leave']!(request, context.session) } },
})
