import { useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { isApiError } from '../../api/client.ts'
import { explain } from '../../api/explain.ts'
import { useChange } from '../../api/use-change.ts'
import { createUser } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

const words = t.users

export function CreateUser({ app }: { readonly app: string }) {
  const [open, setOpen] = useState(false)
  const [identifier, setIdentifier] = useState('')
  const navigate = useNavigate()
  const create = useChange({
    run: (name: string) => createUser(app, name),
    done: words.created,
    quiet: true,
    onDone: ({ id }) => void navigate({ to: '/apps/$app/users/$user', params: { app, user: id } }),
  })
  const show = (next: boolean): void => {
    setIdentifier('')
    create.reset()
    setOpen(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate(identifier.trim())
  }
  const problem = create.error && (isApiError(create.error, 'conflict') ? words.taken : explain(create.error))
  return (
    <>
      <Button look="primary" onClick={() => show(true)}>
        <Plus aria-hidden />
        {words.create}
      </Button>
      <Dialog open={open} onOpenChange={show} title={words.createTitle} description={words.createText}>
        <form onSubmit={submit}>
          <TextField
            label={words.identifier}
            value={identifier}
            onChange={setIdentifier}
            error={problem ?? undefined}
            maxLength={254}
            autoComplete="off"
            required
          />
          <br />
          <DialogActions>
            <Button look="quiet" onClick={() => show(false)}>
              {t.actions.cancel}
            </Button>
            <Button look="primary" type="submit" disabled={!identifier.trim() || create.isPending}>
              {words.create}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  )
}
