import { layout, route, type RouteConfig } from '@react-router/dev/routes'

const paths = ['sign-in', 'action', 'redirect', 'leave', 'orders']

export default [
  layout(
    'routes/session.tsx',
    ['page', 'component', 'elsewhere', 'broken'].map((path) => route(path, `routes/${path}.tsx`)),
  ),
  route('auth/*', 'routes/auth.ts'),
  route('cached', 'routes/cached.tsx'),
  route('static', 'routes/static.tsx'),
  ...paths.map((path) => route(path, `routes/${path}.ts`)),
  ...['proxied', 'api/orders'].map((path) => route(path, 'routes/respond.ts', { id: path })),
] satisfies RouteConfig
