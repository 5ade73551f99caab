import {
  ChangeDetectionStrategy,
  Component,
  inject,
  PendingTasks,
  provideZonelessChangeDetection,
  REQUEST_CONTEXT,
  signal,
  type ApplicationConfig,
} from '@angular/core'
import { provideClientHydration } from '@angular/platform-browser'
import { provideRouter, RouterOutlet, type Routes } from '@angular/router'
import { injectAuthToken } from '@tokenkeep/angular'
import { provideAppSession, type SessionContext } from '@tokenkeep/ssr/angular'

@Component({
  selector: 'app-token',
  template: '<i>{{ token() }}</i>',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Token {
  readonly token = signal('')
  constructor() {
    const { session, tokenOrCode } = injectSession()
    void inject(PendingTasks).run(async () => this.token.set((await tokenOrCode?.(session!)) ?? ''))
  }
}

@Component({
  selector: 'app-page',
  imports: [Token],
  template: `
    <main>
      @for (at of components; track at) {
        <app-token />
      }
      <pre>{{ snapshot() }}</pre>
    </main>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  readonly components = Array.from({ length: 8 }, (_, at) => at)
  readonly snapshot = signal('')
  constructor() {
    const { session, tokenOrCode } = injectSession()
    // The state after all components have got their token.
    void inject(PendingTasks).run(async () => {
      await tokenOrCode?.(session!)
      this.snapshot.set(JSON.stringify(session?.snapshot()))
    })
  }
}

@Component({
  selector: 'app-public',
  template: '<main>{{ auth.state().status }}</main>',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Public {
  readonly auth = injectAuthToken()
}

@Component({
  selector: 'app-root',
  imports: [RouterOutlet],
  template: '<router-outlet />',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {}

/** What the server gives to a page. The browser has none of it. */
export interface PageContext extends SessionContext {
  readonly tokenOrCode: (session: SessionContext['session']) => Promise<string>
}

const injectSession = (): Partial<PageContext> =>
  (inject(REQUEST_CONTEXT, { optional: true }) as PageContext | null) ?? {}

const routes: Routes = [
  { path: 'page', component: Page },
  { path: 'component', component: Page },
  { path: 'cached', component: Public },
  { path: 'static', component: Public },
]

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideRouter(routes),
    provideClientHydration(),
    provideAppSession({ appId: 'demo' }),
  ],
}
