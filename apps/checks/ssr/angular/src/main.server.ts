import { mergeApplicationConfig } from '@angular/core'
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser'
import { provideServerRendering, RenderMode, withRoutes, type ServerRoute } from '@angular/ssr'
import { App, appConfig } from './app'

const routes: ServerRoute[] = [
  { path: 'static', renderMode: RenderMode.Prerender },
  { path: 'cached', renderMode: RenderMode.Prerender, headers: { 'cache-control': 's-maxage=60' } },
  { path: '**', renderMode: RenderMode.Server },
]
const config = mergeApplicationConfig(appConfig, {
  providers: [provideServerRendering(withRoutes(routes))],
})

export default (context: BootstrapContext) => bootstrapApplication(App, config, context)
