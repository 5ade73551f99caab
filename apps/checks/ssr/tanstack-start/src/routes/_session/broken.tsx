import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/_session/broken')({
  loader: () => {
    throw new Error('The page is broken.')
  },
})
