import { createFileRoute, redirect } from '@tanstack/react-router'
import { createServerFn } from '@tanstack/react-start'
import { setCookie } from '@tanstack/react-start/server'

const goElsewhere = createServerFn().handler(() => {
  setCookie('other', '1', { path: '/' })
  throw redirect({ to: '/page', statusCode: 303 })
})

export const Route = createFileRoute('/_session/elsewhere')({ loader: () => goElsewhere() })
