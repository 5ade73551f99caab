import type { App } from '../store/apps.ts'
import type { Store } from '../store/store.ts'
import { printable } from '../printable.ts'
import { CommandError } from './command-error.ts'

/** Finds an app by its id. Throws {@link CommandError} if there is none. */
export async function requireApp(store: Store, id: string): Promise<App> {
  const app = await store.apps.find(id)
  if (!app) throw new CommandError(`there is no app ${printable(id)}: tokenkeep apps list shows all apps`)
  return app
}
