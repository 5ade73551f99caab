export { Public as default } from '../public'

// Shared caches keep this page. The middleware runs for it too.
export const headers = () => ({ 'cache-control': 's-maxage=60' })
