import { createJournal, startApiCalls, type Config } from '@tokenkeep/sample'
import '@tokenkeep/sample/page.css'
import { createAuthToken, createTokenManager, sessionServer } from '@tokenkeep/vue'
import { createApp } from 'vue'
import App from './App.vue'
import { createClient } from './client.ts'
import { connectionKey, pageKey } from './page.ts'
import { createRoutes } from './routes.ts'
import Unreachable from './Unreachable.vue'

try {
  const config = (await (await fetch('/config.json')).json()) as Config
  const auth = createTokenManager({ transport: sessionServer(config) })
  createApp(App)
    .use(createAuthToken({ manager: auth }))
    .use(createRoutes(auth))
    .provide(connectionKey, { config, client: createClient(auth) })
    .provide(pageKey, { calls: startApiCalls(auth), journal: createJournal(auth) })
    .mount('#root')
} catch {
  createApp(Unreachable).mount('#root')
}
