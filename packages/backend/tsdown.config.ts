import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  // Without the tests: they import files of other folders, whose declarations would be written beside them.
  tsconfig: 'tsconfig.build.json',
  entry: {
    index: 'src/index.ts',
    express: 'src/frameworks/express.ts',
    fastify: 'src/frameworks/fastify.ts',
    hono: 'src/frameworks/hono.ts',
    nest: 'src/frameworks/nest.ts',
    next: 'src/frameworks/next.ts',
  },
})
