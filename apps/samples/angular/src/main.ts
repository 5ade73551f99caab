import { provideHttpClient, withInterceptors } from '@angular/common/http'
import { provideBrowserGlobalErrorListeners } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { provideRouter } from '@angular/router'
import { authTokenInterceptor, createTokenManager, provideAuthToken, sessionServer } from '@tokenkeep/angular'
import { createJournal, startApiCalls, type Config } from '@tokenkeep/sample'
import { App } from './app'
import { CONFIG, PAGE } from './page'
import { routes } from './routes'
import { Unreachable } from './unreachable'

try {
  const config = (await (await fetch('/config.json')).json()) as Config
  const manager = createTokenManager({ transport: sessionServer(config) })
  const page = { calls: startApiCalls(manager), journal: createJournal(manager) }
  await bootstrapApplication(App, {
    providers: [
      provideBrowserGlobalErrorListeners(),
      provideAuthToken({ manager }),
      provideHttpClient(withInterceptors([authTokenInterceptor])),
      provideRouter(routes),
      { provide: CONFIG, useValue: config },
      { provide: PAGE, useValue: page },
    ],
  })
} catch {
  await bootstrapApplication(Unreachable)
}
