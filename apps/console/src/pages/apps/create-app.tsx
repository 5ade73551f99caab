import { useNavigate } from '@tanstack/react-router'
import { newApp } from '@tokenkeep/protocol'
import { Plus } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { createApp, type NewApp } from '../../api/apps.ts'
import { explain } from '../../api/explain.ts'
import { useChange } from '../../api/use-change.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './apps.module.css'

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
  const [open, setOpen] = useState(false)
  const [value, setValue] = useState(empty)
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({})
  const navigate = useNavigate()
  const create = useChange({
    run: (app: NewApp) => createApp(app),
    done: words.created,
    quiet: true,
    onDone: ({ id }) => void navigate({ to: '/apps/$app/authentication/sessions', params: { app: id } }),
  })
  const show = (next: boolean): void => {
    setValue(empty)
    setFaults({})
    create.reset()
    setOpen(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const parsed = newApp.safeParse(value)
    setFaults(
      Object.fromEntries((parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), message])),
    )
    if (parsed.success) create.mutate({ ...value, alg: parsed.data.alg })
  }
  return (
    <>
      <Button look="primary" onClick={() => show(true)}>
        <Plus aria-hidden />
        {words.create}
      </Button>
      <Dialog open={open} onOpenChange={show} title={words.createTitle}>
        <form className={styles['form']} onSubmit={submit} noValidate>
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
          <DialogActions>
            <Button look="quiet" onClick={() => show(false)}>
              {t.actions.cancel}
            </Button>
            <Button look="primary" type="submit" disabled={create.isPending}>
              {words.create}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  )
}
