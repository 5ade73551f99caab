import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { appQuery, changeSettings, type ManagedApp, type SettingsChange } from '../api/apps.ts'
import { isApiError } from '../api/api-error.ts'
import { errorMessage } from '../api/error-message.ts'
import { useApiMutation } from '../api/use-api-mutation.ts'
import { useToast } from '../ui/toasts.tsx'
import type { Draft } from './use-draft.ts'

interface SaveOptions<Values extends object> {
  readonly app: ManagedApp
  readonly draft: Draft<Values>
  /** The changed settings, in the form that the API takes. */
  readonly body: SettingsChange
  /** Shown as a toast after saving. */
  readonly successMessage: string
}

/** Saves a draft. If someone else has saved in the meantime, returns a conflict for the admin to resolve. */
export function useSave<Values extends object>({ app, draft, body, successMessage }: SaveOptions<Values>) {
  const cache = useQueryClient()
  const toast = useToast()
  /** The app as someone else saved it in the meantime. */
  const [theirs, setTheirs] = useState<ManagedApp>()
  const finish = (): void => {
    setTheirs(undefined)
    draft.discard()
  }
  const mutation = useApiMutation({
    mutationFn: (version: number) => changeSettings(app.id, version, body),
    successMessage,
    hideErrorToast: true,
    onSuccess: (saved) => {
      cache.setQueryData(appQuery(app.id).queryKey, saved)
      finish()
    },
  })
  const send = async (version: number): Promise<void> => {
    try {
      await mutation.mutateAsync(version)
    } catch (error) {
      if (!isApiError(error, 'conflict')) return toast({ title: errorMessage(error), tone: 'bad' })
      setTheirs(await cache.fetchQuery({ ...appQuery(app.id), staleTime: 0 }))
    }
  }

  return {
    pending: mutation.isPending,
    save: () => void send(draft.version),
    conflict: theirs && {
      app: theirs,
      draft,
      onKeep: () => void send(theirs.version),
      onTake: finish,
      onClose: () => setTheirs(undefined),
    },
  }
}
