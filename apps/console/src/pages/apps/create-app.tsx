import { useNavigate } from '@tanstack/react-router'
import { newApp } from '@tokenkeep/protocol'
import { useState } from 'react'
import { createApp, type NewApp } from '../../api/apps.ts'
import { explain } from '../../api/error-message.ts'
import { useChange } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

const words = t.apps
const fields = ['name', 'id', 'auth_origin', 'redirect_url'] as const
const empty = { name: '', id: '', auth_origin: '', redirect_url: '' }
const hints = {
  name: undefined,
  id: words.fields.idHint,
  auth_origin: words.fields.auth_originHint,
  redirect_url: words.fields.redirect_urlHint,
}

export function CreateApp() {
  const [value, setValue] = useState(empty)
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({})
  const navigate = useNavigate()
  const create = useChange({
    run: (app: NewApp) => createApp(app),
    done: words.created,
    quiet: true,
    onDone: ({ id }) => void navigate({ to: '/apps/$app/authentication/sessions', params: { app: id } }),
  })
  const submit = (): void => {
    const parsed = newApp.safeParse(value)
    setFaults(
      Object.fromEntries((parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), message])),
    )
    if (parsed.success) create.mutate({ ...value, alg: parsed.data.alg })
  }
  return (
    <FormDialog
      action={words.create}
      look="primary"
      title={words.createTitle}
      ready={!create.isPending}
      onSubmit={submit}
      onReset={() => {
        setValue(empty)
        setFaults({})
        create.reset()
      }}
    >
      {fields.map((field) => (
        <TextField
          key={field}
          label={words.fields[field]}
          hint={hints[field]}
          error={faults[field]}
          value={value[field]}
          onChange={(next) => setValue({ ...value, [field]: next })}
          autoComplete="off"
        />
      ))}
      {create.error && <Notice tone="bad">{explain(create.error)}</Notice>}
    </FormDialog>
  )
}
