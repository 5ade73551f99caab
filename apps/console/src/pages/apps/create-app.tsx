import { useNavigate } from '@tanstack/react-router'
import { newApp } from '@tokenkeep/protocol'
import { useState } from 'react'
import { createApp, type NewApp } from '../../api/apps.ts'
import { errorMessage } from '../../api/error-message.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

const texts = t.apps
const fields = ['name', 'id', 'auth_origin', 'redirect_url'] as const
const empty = { name: '', id: '', auth_origin: '', redirect_url: '' }
const hints = {
  name: undefined,
  id: texts.fields.idHint,
  auth_origin: texts.fields.auth_originHint,
  redirect_url: texts.fields.redirect_urlHint,
}

export function CreateApp() {
  const [value, setValue] = useState(empty)
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({})
  const navigate = useNavigate()
  const create = useApiMutation({
    mutationFn: (app: NewApp) => createApp(app),
    successMessage: texts.created,
    hideErrorToast: true,
    onSuccess: ({ id }) => void navigate({ to: '/apps/$app/authentication/sessions', params: { app: id } }),
  })
  const submit = (): void => {
    const parsed = newApp.safeParse(value)
    setErrors(
      Object.fromEntries((parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), message])),
    )
    if (parsed.success) create.mutate({ ...value, alg: parsed.data.alg })
  }
  return (
    <FormDialog
      action={texts.create}
      variant="primary"
      title={texts.createTitle}
      ready={!create.isPending}
      onSubmit={submit}
      onReset={() => {
        setValue(empty)
        setErrors({})
        create.reset()
      }}
    >
      {fields.map((field) => (
        <TextField
          key={field}
          label={texts.fields[field]}
          hint={hints[field]}
          error={errors[field]}
          value={value[field]}
          onChange={(next) => setValue({ ...value, [field]: next })}
          autoComplete="off"
        />
      ))}
      {create.error && <Notice tone="bad">{errorMessage(create.error)}</Notice>}
    </FormDialog>
  )
}
