import { Plus } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { explain } from '../../api/explain.ts'
import { createApiKey } from '../../api/keys.ts'
import { useChange } from '../../api/use-change.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

const words = t.keys.api

/** Makes an API key, and shows its secret: once, and nowhere else. */
export function CreateApiKey({ app }: { readonly app: string }) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const create = useChange({ run: (named: string) => createApiKey(app, named), quiet: true })
  const show = (next: boolean): void => {
    setName('')
    create.reset()
    setOpen(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate(name.trim())
  }
  const secret = create.data?.secret
  return (
    <>
      <Button onClick={() => show(true)}>
        <Plus aria-hidden />
        {words.create}
      </Button>
      <Dialog
        open={open}
        onOpenChange={show}
        title={secret ? words.secretTitle : words.createTitle}
        description={secret && words.secretText}
      >
        {secret ? (
          <>
            <CopyText whole text={secret} what={words.secret} />
            <DialogActions>
              <Button look="primary" onClick={() => show(false)}>
                {words.copied}
              </Button>
            </DialogActions>
          </>
        ) : (
          <form onSubmit={submit}>
            <TextField
              label={words.name}
              hint={words.nameHint}
              value={name}
              onChange={setName}
              error={create.error ? explain(create.error) : undefined}
              maxLength={100}
              autoComplete="off"
              required
            />
            <br />
            <DialogActions>
              <Button look="quiet" onClick={() => show(false)}>
                {t.actions.cancel}
              </Button>
              <Button look="primary" type="submit" disabled={!name.trim() || create.isPending}>
                {words.create}
              </Button>
            </DialogActions>
          </form>
        )}
      </Dialog>
    </>
  )
}
