import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { activitySearch } from './pages/activity/search.ts'
import { server } from './session.ts'
import { usersSearch } from './pages/users/search.ts'
import { NotFound } from './shell/not-found.tsx'
import { RouteError } from './shell/route-error.tsx'
import { Shell } from './shell/shell.tsx'

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
  basepath: `${new URL(server).pathname.replace(/\/$/, '')}/console`,
  routeTree: root.addChildren([
    home,
    apps,
    app.addChildren([start, sessions, users, user, activity, keys, settings]),
  ]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
