import { createFileRoute } from '@tanstack/react-router'
import { Public } from '../public'

// Rendered once, by the build, for everybody.
export const Route = createFileRoute('/static')({ component: Public })
