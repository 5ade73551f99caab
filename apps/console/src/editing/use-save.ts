import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { appQuery, changeSettings, type ManagedApp, type SettingsChange } from '../api/apps.ts'
import { isApiError } from '../api/client.ts'
import { explain } from '../api/error-message.ts'
import { useChange } from '../api/use-api-mutation.ts'
import { useToast } from '../ui/toasts.tsx'
import type { Draft } from './use-draft.ts'

interface Saving<Values extends object> {
  readonly app: ManagedApp
  readonly draft: Draft<Values>
  /** What was changed, as the API takes it. */
  readonly body: SettingsChange
  /** Said when it is saved. */
  readonly done: string
}

/** Saves a draft, unless somebody else has saved since it was begun: then a person decides. */
export function useSave<Values extends object>({ app, draft, body, done }: Saving<Values>) {
  const cache = useQueryClient()
  const toast = useToast()
  /** What somebody else has saved since. */
  const [theirs, setTheirs] = useState<ManagedApp>()
  const end = (): void => {
    setTheirs(undefined)
    draft.discard()
  }
  const change = useChange({
    run: (version: number) => changeSettings(app.id, version, body),
    done,
    quiet: true,
    onDone: (saved) => {
      cache.setQueryData(appQuery(app.id).queryKey, saved)
      end()
    },
  })
  const send = async (version: number): Promise<void> => {
    try {
      await change.mutateAsync(version)
    } catch (error) {
      if (!isApiError(error, 'conflict')) return toast({ title: explain(error), tone: 'bad' })
      setTheirs(await cache.fetchQuery({ ...appQuery(app.id), staleTime: 0 }))
    }
  }

  return {
    pending: change.isPending,
    save: () => void send(draft.version),
    conflict: theirs && {
      app: theirs,
      draft,
      onKeep: () => void send(theirs.version),
      onTake: end,
      onClose: () => setTheirs(undefined),
    },
  }
}
