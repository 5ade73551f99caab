import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { z } from 'zod'
import { eventTypes } from './api/activity.ts'
import { Shell } from './shell/shell.tsx'
import { NotFound } from './shell/not-found.tsx'

// What is in the address decides what is on the page. Nonsense in it is as good as nothing.

export const usersSearch = z.object({
  q: z.string().optional().catch(undefined),
  status: z.enum(['active', 'inactive', 'pending']).optional().catch(undefined),
  page: z.int().min(1).optional().catch(undefined),
  order: z
    .templateLiteral([z.enum(['created_at', 'last_login_at', 'identifier']), ':', z.enum(['asc', 'desc'])])
    .optional()
    .catch(undefined),
})
export type UsersSearch = z.infer<typeof usersSearch>

export const ranges = ['24h', '7d', '30d'] as const
export const activitySearch = z.object({
  range: z.enum(ranges).optional().catch(undefined),
  type: z.array(eventTypes).optional().catch(undefined),
  user: z.string().optional().catch(undefined),
  session: z.string().optional().catch(undefined),
})
export type ActivitySearch = z.infer<typeof activitySearch>

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/apps' })
  },
})
const apps = createRoute({
  getParentRoute: () => root,
  path: '/apps',
  component: lazyRouteComponent(() => import('./pages/apps/apps-page.tsx'), 'AppsPage'),
})
const app = createRoute({ getParentRoute: () => root, path: '/apps/$app' })
const start = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/apps/$app/authentication/sessions', params })
  },
})
const sessions = createRoute({
  getParentRoute: () => app,
  path: '/authentication/sessions',
  component: lazyRouteComponent(
    () => import('./pages/session-management/session-management-page.tsx'),
    'SessionManagementPage',
  ),
})
const users = createRoute({
  getParentRoute: () => app,
  path: '/users',
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import('./pages/users/users-page.tsx'), 'UsersPage'),
})
const user = createRoute({
  getParentRoute: () => app,
  path: '/users/$user',
  component: lazyRouteComponent(() => import('./pages/user/user-page.tsx'), 'UserPage'),
})
const activity = createRoute({
  getParentRoute: () => app,
  path: '/activity',
  validateSearch: activitySearch,
  component: lazyRouteComponent(() => import('./pages/activity/activity-page.tsx'), 'ActivityPage'),
})
const keys = createRoute({
  getParentRoute: () => app,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
})
const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/apps/app-settings-page.tsx'), 'AppSettingsPage'),
})

export const router = createRouter({
  basepath: '/console',
  routeTree: root.addChildren([
    home,
    apps,
    app.addChildren([start, sessions, users, user, activity, keys, settings]),
  ]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
