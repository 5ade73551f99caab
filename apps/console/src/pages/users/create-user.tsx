import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isApiError } from '../../api/client.ts'
import { explain } from '../../api/error-message.ts'
import { useChange } from '../../api/use-api-mutation.ts'
import { createUser } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

const words = t.users

export function CreateUser({ app }: { readonly app: string }) {
  const [identifier, setIdentifier] = useState('')
  const navigate = useNavigate()
  const create = useChange({
    run: (name: string) => createUser(app, name),
    done: words.created,
    quiet: true,
    onDone: ({ id }) => void navigate({ to: '/apps/$app/users/$user', params: { app, user: id } }),
  })
  const problem = create.error && (isApiError(create.error, 'conflict') ? words.taken : explain(create.error))
  return (
    <FormDialog
      action={words.create}
      look="primary"
      title={words.createTitle}
      description={words.createText}
      ready={identifier.trim() !== '' && !create.isPending}
      onSubmit={() => create.mutate(identifier.trim())}
      onReset={() => {
        setIdentifier('')
        create.reset()
      }}
    >
      <TextField
        label={words.identifier}
        value={identifier}
        onChange={setIdentifier}
        error={problem ?? undefined}
        maxLength={254}
        autoComplete="off"
        required
      />
    </FormDialog>
  )
}
