import { createFileRoute } from '@tanstack/react-router'
import { handlers } from '../../../app/routes'

export const Route = createFileRoute('/action')({
  server: { handlers: { ANY: ({ request, context }) => handlers['action']!(request, context.session) } },
})
