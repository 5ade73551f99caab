import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isApiError } from '../../api/api-error.ts'
import { errorMessage } from '../../api/error-message.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { createUser } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

const texts = t.users

export function CreateUser({ app }: { readonly app: string }) {
  const [identifier, setIdentifier] = useState('')
  const navigate = useNavigate()
  const create = useApiMutation({
    mutationFn: (name: string) => createUser(app, name),
    successMessage: texts.created,
    hideErrorToast: true,
    onSuccess: ({ id }) => void navigate({ to: '/apps/$app/users/$user', params: { app, user: id } }),
  })
  const problem =
    create.error && (isApiError(create.error, 'conflict') ? texts.taken : errorMessage(create.error))
  return (
    <FormDialog
      action={texts.create}
      variant="primary"
      title={texts.createTitle}
      description={texts.createText}
      ready={identifier.trim() !== '' && !create.isPending}
      onSubmit={() => create.mutate(identifier.trim())}
      onReset={() => {
        setIdentifier('')
        create.reset()
      }}
    >
      <TextField
        label={texts.identifier}
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
