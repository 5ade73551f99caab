import { defineConfig, mergeConfig } from 'vitest/config'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { shared } from '../../../vitest.shared.ts'
import { passageAddress } from './src/address.ts'

// The clients are built with an address, so the port is chosen before they are transformed.
const url = `http://127.0.0.1:${await freePort()}`

export default mergeConfig(
  shared,
  defineConfig({
    plugins: [passageAddress(url)],
    test: {
      name: 'passage-clients',
      setupFiles: ['src/node-address.ts'],
      env: { PASSAGE_SERVER: url },
      // Vite transforms the clients only if Vitest does not leave them to Node.
      server: { deps: { inline: [/@passageidentity\/passage-js/] } },
      // All files talk to one address.
      fileParallelism: false,
      // The next run has another port, and Vitest's cache would keep the clients with this one.
      fsModuleCache: false,
    },
  }),
)
