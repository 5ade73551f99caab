import { createFileRoute } from '@tanstack/react-router'
import { Public } from '../public'

// Shared caches keep this page. The middleware runs for it too.
export const Route = createFileRoute('/cached')({
  headers: () => ({ 'cache-control': 's-maxage=60' }),
  component: Public,
})
