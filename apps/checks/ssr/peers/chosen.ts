import type { Peer } from './peer.ts'

const peers: Readonly<Record<string, () => Promise<{ default: Peer }>>> = {
  'next-auth': () => import('./next-auth.ts'),
  'nextjs-auth0': () => import('./nextjs-auth0.ts'),
  'authkit-session': () => import('./authkit-session.ts'),
  'supabase-ssr': () => import('./supabase-ssr.ts'),
}

/** The peer that this instance of the app binds. */
const chosen = await peers[process.env['PEER'] ?? 'next-auth']!()
export default chosen.default
