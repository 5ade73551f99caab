import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useToast } from '../ui/toasts.tsx'
import { errorMessage } from './error-message.ts'

interface ApiMutationOptions<Input, Output> {
  readonly mutationFn: (input: Input) => Promise<Output>
  /** Shown as a toast after success. */
  readonly successMessage?: string | ((input: Input) => string)
  readonly onSuccess?: (output: Output) => void
  /** Set it if the caller shows the error itself. Default: false (a toast shows the error). */
  readonly hideErrorToast?: boolean
}

/** Returns a mutation of server data that shows toasts. Afterwards it refetches every query on the page. */
export function useApiMutation<Input, Output>({
  mutationFn,
  successMessage,
  onSuccess,
  hideErrorToast = false,
}: ApiMutationOptions<Input, Output>) {
  const cache = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn,
    onSuccess: (output, input) => {
      if (successMessage)
        toast({
          title: typeof successMessage === 'string' ? successMessage : successMessage(input),
          tone: 'good',
        })
      onSuccess?.(output)
    },
    onError: (error) => {
      if (!hideErrorToast) toast({ title: errorMessage(error), tone: 'bad' })
    },
    onSettled: () => cache.invalidateQueries(),
  })
}
