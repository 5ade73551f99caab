import '@angular/compiler'
import { ChangeDetectionStrategy, Component, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { injectAuthToken, provideAuthToken } from '@tokenkeep/angular'
import { components, type Mount } from './mounted.ts'
import { signedIn } from './tokenkeep.ts'

const changeDetection = ChangeDetectionStrategy.OnPush

export const mount: Mount = async (session, onRender, root) => {
  const manager = await signedIn(session)
  // Decorators are called as functions, because their syntax needs a compiler.
  const Reader = Component({ selector: 'app-reader', template: '{{ text() }}', changeDetection })(
    class {
      readonly isSignedIn = injectAuthToken((state) => state.status !== 'signed-out')
      text() {
        onRender()
        return this.isSignedIn() ? 'in' : 'out'
      }
    },
  )
  const App = Component({
    selector: 'app-root',
    template: '@for (one of all; track one) {<app-reader />}',
    imports: [Reader],
    changeDetection,
  })(
    class {
      readonly all = Array.from({ length: components }, (_, index) => index)
    },
  )
  root.append(document.createElement('app-root'))
  await bootstrapApplication(App, {
    providers: [provideZonelessChangeDetection(), provideAuthToken({ manager })],
  })
  return () => manager.getAuthToken()
}
