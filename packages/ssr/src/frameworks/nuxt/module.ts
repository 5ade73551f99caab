import { fileURLToPath } from 'node:url'
import type { AppSessionOptions } from '../../browser/index.ts'

/** Options of the module. `appId`, `basePath`, `browser` and `cookie` are the same as in `createServerSessions()`. */
export interface NuxtSessionsOptions extends Pick<
  AppSessionOptions,
  'appId' | 'basePath' | 'browser' | 'cookie'
> {
  /** The file that exports `sessions`, the result of `createServerSessions()`. Default: `~~/server/sessions`. */
  readonly sessions?: string
}

/** The part of Nuxt that the module changes. */
export interface NuxtToExtend {
  readonly options: {
    readonly alias: Record<string, string>
    readonly runtimeConfig: { readonly public: Record<string, unknown> }
    readonly serverHandlers: { middleware?: boolean; handler: string }[]
    readonly nitro: { plugins?: string[] }
    readonly plugins: unknown[]
  }
}

/**
 * The module for Nuxt. It refreshes ahead in each request, gives the request's session to `event.context.session`, and
 * answers `/auth/*`. The app has the token manager of `@tokenkeep/vue`, whose first state is the server's.
 *
 * @example
 * ```ts
 * // nuxt.config.ts
 * export default {
 *   modules: [['@tokenkeep/ssr/nuxt', { appId: 'shop' }]],
 * }
 * ```
 */
export default function nuxtSessions(options: NuxtSessionsOptions, { options: nuxt }: NuxtToExtend): void {
  const { sessions = '~~/server/sessions', ...app } = options
  const fileOf = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url))
  nuxt.alias['#tokenkeep/sessions'] = sessions
  nuxt.runtimeConfig.public['tokenkeep'] = app
  nuxt.serverHandlers.unshift({ middleware: true, handler: fileOf('middleware') })
  nuxt.nitro.plugins = [...(nuxt.nitro.plugins ?? []), fileOf('finish')]
  nuxt.plugins.unshift({ src: fileOf('plugin') })
}
