import { createFileRoute } from '@tanstack/react-router'
import { getRendered, Rendered } from '../../../rendered'

export const Route = createFileRoute('/_session/component')({
  loader: () => getRendered(),
  component: () => <Rendered {...Route.useLoaderData()} />,
})
