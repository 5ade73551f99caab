import type { Config } from '@react-router/dev/config'

export default { buildDirectory: 'dist', prerender: ['/static'] } satisfies Config
