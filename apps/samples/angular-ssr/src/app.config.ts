import { provideBrowserGlobalErrorListeners, type ApplicationConfig } from '@angular/core'
import { provideClientHydration } from '@angular/platform-browser'
import { provideRouter } from '@angular/router'
import { injectAuthToken } from '@tokenkeep/angular'
import { PAGE } from '@tokenkeep/angular-sample'
import { createJournal, startApiCalls } from '@tokenkeep/sample'
import { provideAppSession } from '@tokenkeep/ssr/angular'

/** In the browser and on the server. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter([]),
    provideClientHydration(),
    provideAppSession({ appId: 'demo' }),
    {
      provide: PAGE,
      useFactory: () => {
        const { manager } = injectAuthToken()
        return { calls: startApiCalls(manager), journal: createJournal(manager) }
      },
    },
  ],
}
