import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useToast } from '../ui/toasts.tsx'
import { explain } from './error-message.ts'

interface Change<Input, Output> {
  readonly run: (input: Input) => Promise<Output>
  /** Said when it is done. */
  readonly done?: string | ((input: Input) => string)
  readonly onDone?: (output: Output) => void
  /** Where the failure is shown by whoever asked; default: as a toast. */
  readonly quiet?: boolean
}

/** A change at the server. Afterwards whatever is on screen is asked for again. */
export function useChange<Input, Output>({ run, done, onDone, quiet = false }: Change<Input, Output>) {
  const cache = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: run,
    onSuccess: (output, input) => {
      if (done) toast({ title: typeof done === 'string' ? done : done(input), tone: 'good' })
      onDone?.(output)
    },
    onError: (error) => {
      if (!quiet) toast({ title: explain(error), tone: 'bad' })
    },
    onSettled: () => cache.invalidateQueries(),
  })
}
